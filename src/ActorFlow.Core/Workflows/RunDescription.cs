using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>A run at one moment, for people: its tasks by path, what each waits for, and the open questions.</summary>
public sealed record RunDescription
{
    /// <summary>The id of the run.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>The definition that it runs.</summary>
    public required DefinitionReference Definition { get; init; }

    /// <summary>The generation of its attempts: from 1, raised when settled tasks run again (retry, rewind).</summary>
    public required int Generation { get; init; }

    /// <summary>The input that it was started with.</summary>
    public required Payload Input { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of the last commit.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The link to the parent; null means that the run has no parent.</summary>
    public ParentLink? Parent { get; init; }

    /// <summary>The checkpoint that it was forked from; null means that it is not a fork.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>The tags of the run.</summary>
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    /// <summary>Whether nothing new starts until it is resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>Why the run stops; null while it does not stop.</summary>
    public string? Stopping { get; init; }

    /// <summary>Whether the run can only wait: for time, signals, people or children.</summary>
    public bool OnlyWaits { get; init; }

    /// <summary>How many tasks and elements there are, have settled, and are outstanding as attempts.</summary>
    public RunProgress Progress { get; init; }

    /// <summary>When the next wait or timeout falls due; null means that nothing waits for time.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>
    /// Every task in file order; after a fan-out the elements that have begun, after a group the tasks of its instance. The
    /// compensation under way, if any, comes last.
    /// </summary>
    public required ImmutableArray<TaskDescription> Tasks { get; init; }

    /// <summary>The open questions, by the path of the task that asks.</summary>
    public required ImmutableArray<OpenQuestion> Questions { get; init; }

    /// <summary>Signals that no task has consumed yet, oldest first.</summary>
    public required ImmutableArray<SignalImage> Signals { get; init; }

    /// <summary>Tasks that failed for good, at most 100.</summary>
    public required ImmutableArray<FailedTask> Failures { get; init; }

    /// <summary>The paths of the executions that would be compensated, in that order.</summary>
    public required ImmutableArray<string> ToUndo { get; init; }

    /// <summary>Describes an image of an open run, of a closed one, or of a checkpoint.</summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="image">The run.</param>
    /// <exception cref="InvalidOperationException">The image does not fit the plan.</exception>
    public static RunDescription Of(WorkflowPlan plan, RunImage image)
    {
        var run = RunImages.Of(plan, image);
        var open = new WorkflowState.Open(run);
        return new()
        {
            WorkflowId = image.WorkflowId,
            Definition = image.Definition,
            Generation = image.Generation,
            Input = image.Input,
            StartedAt = image.StartedAt,
            At = image.At,
            Parent = image.Parent,
            Origin = image.Origin,
            Tags = image.Tags,
            Paused = image.Paused,
            Stopping = open.Stopping,
            OnlyWaits = open.IsWaiting,
            Progress = run.Progress,
            NextDue = open.NextDue,
            Tasks = [.. new TaskDescriber(run).All()],
            Questions = [.. run.OpenQuestions()],
            Signals = image.Signals,
            Failures = image.Failures,
            ToUndo = [.. image.Undos.Select(undo => undo.Path)],
        };
    }
}

/// <summary>A task of a run, or one element of a fan-out, at one moment.</summary>
public sealed record TaskDescription
{
    /// <summary>Its path, elements and iterations included: <c>each[2]/x#3</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Its name for people; null means that it has only its id.</summary>
    public string? Title { get; init; }

    /// <summary>Its kind, in the words of the language: <c>uses</c>, <c>workflow</c>, <c>tasks</c>, <c>switch</c>, <c>set</c>, <c>signal</c>, <c>ask</c>, <c>delay</c>, <c>fail</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its phase.</summary>
    public required TaskPhase Phase { get; init; }

    /// <summary>For a task, how often its executions were started in all; for an element or a compensation, the number of its current attempt.</summary>
    public required int Attempts { get; init; }

    /// <summary>Its output; null means that it has none yet.</summary>
    public Payload? Output { get; init; }

    /// <summary>Why it failed or will fail; null means neither.</summary>
    public TaskError? Error { get; init; }

    /// <summary>What it waits for, while it runs.</summary>
    public TaskWait Wait { get; init; }

    /// <summary>The handler that runs, the signal's name, the child's id or the question, depending on <see cref="Wait"/>; null means that there is nothing to name.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>When its wait ends or times out; null means that the wait has no end of its own.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The number of elements of its fan-out; null means that it is no fan-out, or has settled.</summary>
    public int? Elements { get; init; }

    /// <summary>How many of its elements have settled.</summary>
    public int SettledElements { get; init; }
}

/// <summary>What a task waits for.</summary>
public enum TaskWait
{
    /// <summary>It waits for nothing.</summary>
    None,

    /// <summary>A place within <c>max-parallel</c>, or the end of a pause.</summary>
    Place,

    /// <summary>A worker: its attempt is offered, or runs.</summary>
    Worker,

    /// <summary>Its next attempt.</summary>
    Retry,

    /// <summary>Its next iteration.</summary>
    Iteration,

    /// <summary>The end of its <c>delay</c>.</summary>
    Delay,

    /// <summary>A signal.</summary>
    Signal,

    /// <summary>A person's answer.</summary>
    Answer,

    /// <summary>The end of a child.</summary>
    Child,
}
