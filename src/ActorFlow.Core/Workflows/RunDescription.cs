using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>A run at one moment, in the words of people: its tasks by path, what each waits for, and what the run is asking.</summary>
public sealed record RunDescription
{
    /// <summary>The id of the run.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>What it runs.</summary>
    public required DefinitionReference Definition { get; init; }

    /// <summary>The generation of its attempts: from 1, raised whenever the run is taken back.</summary>
    public required int Generation { get; init; }

    /// <summary>What it was started with.</summary>
    public required Payload Input { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of the last commit.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whose child it is; none: nobody's.</summary>
    public ParentLink? Parent { get; init; }

    /// <summary>Where it was forked from; none: nowhere.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>Words to find the run by.</summary>
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    /// <summary>Whether nothing new starts until it is resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>Why nothing new starts any more; none while it works.</summary>
    public string? Stopping { get; init; }

    /// <summary>Whether the run can do nothing but wait: for time, signals, people or children.</summary>
    public bool OnlyWaits { get; init; }

    /// <summary>How many tasks and elements there are, have settled, and are outstanding as attempts.</summary>
    public RunProgress Progress { get; init; }

    /// <summary>When something falls due next, a timeout included; none: nothing waits for time.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>
    /// Every task in file order; behind a fan-out the elements that have begun, behind a group the tasks of its instance. The
    /// compensation under way, if any, comes last.
    /// </summary>
    public required ImmutableArray<TaskDescription> Tasks { get; init; }

    /// <summary>The questions that are open, by the path of the task that asks.</summary>
    public required ImmutableArray<OpenQuestion> Questions { get; init; }

    /// <summary>Signals that no task has consumed yet, oldest first.</summary>
    public required ImmutableArray<SignalImage> Signals { get; init; }

    /// <summary>Tasks that failed for good, at most 100.</summary>
    public required ImmutableArray<FailedTask> Failures { get; init; }

    /// <summary>The paths of what would be compensated, in the order in which it would be.</summary>
    public required ImmutableArray<string> ToUndo { get; init; }

    /// <summary>Describes what an image holds: of an open run, of one that has ended, or of a checkpoint.</summary>
    /// <param name="plan">What the run runs.</param>
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

    /// <summary>Its name for people; none: it has none but its id.</summary>
    public string? Title { get; init; }

    /// <summary>What it does, as the language calls it: <c>uses</c>, <c>workflow</c>, <c>tasks</c>, <c>switch</c>, <c>set</c>, <c>signal</c>, <c>ask</c>, <c>delay</c>, <c>fail</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required TaskPhase Phase { get; init; }

    /// <summary>Of a task: how often an execution of it was started in all. Of an element or a compensation: its current attempt.</summary>
    public required int Attempts { get; init; }

    /// <summary>Its output; none: it has none yet.</summary>
    public Payload? Output { get; init; }

    /// <summary>Why it failed, or is going to.</summary>
    public TaskError? Error { get; init; }

    /// <summary>What it waits for, while it runs.</summary>
    public TaskWait Wait { get; init; }

    /// <summary>The handler that runs, the signal's name, the child's id or the question, by <see cref="Wait"/>; none: there is nothing to name.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>When its wait ends, or gives up; none: never by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many elements it has fanned out over; none: it is no fan-out, or has settled.</summary>
    public int? Elements { get; init; }

    /// <summary>How many of its elements have settled.</summary>
    public int SettledElements { get; init; }
}

/// <summary>What a task waits for.</summary>
public enum TaskWait
{
    /// <summary>Nothing of its own.</summary>
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
