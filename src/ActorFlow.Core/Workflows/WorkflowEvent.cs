using System.Collections.Immutable;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// What happened to a run. Events are the format of the journal: once released, a field is never renamed or removed,
/// fields are only added. They record the results of expressions, so that a replay evaluates nothing.
/// </summary>
internal abstract record WorkflowEvent
{
    private WorkflowEvent() { }

    /// <summary>The run began.</summary>
    public sealed record Started(string WorkflowId, Guid RunId, DefinitionReference Definition, Payload Input) : WorkflowEvent
    {
        /// <summary>The link to the parent; null means that the run has no parent.</summary>
        public ParentLink? Parent { get; init; }

        /// <summary>The checkpoint that it was forked from; null means that it is not a fork.</summary>
        public RunOrigin? Origin { get; init; }

        /// <summary>The image that a fork begins from; null unless it is a fork.</summary>
        public RunImage? Image { get; init; }

        /// <summary>The further definitions of the same document.</summary>
        public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

        /// <summary>The directory that relative paths of its tasks start from; null means that none was given.</summary>
        public string? Directory { get; init; }

        /// <summary>The trace that it belongs to; null means none.</summary>
        public TraceContext? Trace { get; init; }

        /// <summary>The tags of the run.</summary>
        public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;

        /// <summary>When its first task begins; null means at once.</summary>
        public DateTimeOffset? StartAt { get; init; }

        /// <inheritdoc/>
        public bool Equals(Started? other) => other is not null && WorkflowId == other.WorkflowId && RunId == other.RunId
            && Definition == other.Definition && Input.Equals(other.Input) && Parent == other.Parent && Origin == other.Origin
            && Equals(Image, other.Image) && Companions.SequenceEqual(other.Companions) && Tags.SequenceEqual(other.Tags)
            && Directory == other.Directory && Trace == other.Trace && StartAt == other.StartAt;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(WorkflowId, RunId);
    }

    /// <summary>The time has come at which the first task of a delayed run begins.</summary>
    public sealed record Begun : WorkflowEvent;

    /// <summary>A task was skipped: all its needs were skipped, or too little completed, or its condition was false.</summary>
    public sealed record TaskSkipped(int Scope, int Task) : WorkflowEvent;

    /// <summary>A task failed before any execution of it began: its <c>if</c> or <c>for-each</c> could not be evaluated.</summary>
    public sealed record TaskFailed(int Scope, int Task, TaskError Error) : WorkflowEvent;

    /// <summary>A task that runs as a single execution became ready.</summary>
    public sealed record TaskReady(int Scope, int Task) : WorkflowEvent;

    /// <summary>A task fanned out over the elements of an array.</summary>
    public sealed record FanOutOpened(int Scope, int Task, Payload Items) : WorkflowEvent;

    /// <summary>Attempts began: those that found a place within <c>max-parallel</c>.</summary>
    public sealed record AttemptsStarted(ImmutableArray<AttemptStart> Attempts) : WorkflowEvent
    {
        /// <inheritdoc/>
        public bool Equals(AttemptsStarted? other) => other is not null && Attempts.SequenceEqual(other.Attempts);

        /// <inheritdoc/>
        public override int GetHashCode() => Attempts.Length;
    }

    /// <summary>A durable wait began.</summary>
    public sealed record DelayStarted(TaskExecutionId Execution, DateTimeOffset DueAt) : WorkflowEvent;

    /// <summary>A group's instance opened as the scope of that number.</summary>
    public sealed record GroupOpened(TaskExecutionId Execution, int Opened) : WorkflowEvent;

    /// <summary>An execution completed.</summary>
    /// <param name="Execution">The execution.</param>
    /// <param name="Output">Its output.</param>
    /// <param name="Undo">The input of its compensation; null means that it has none, or that the run cannot need it.</param>
    /// <param name="NextIterationAt">
    /// When its loop continues; null means that it has no loop, or that the loop is over. Where the scope stops, the loop is cancelled and a retry continues with that iteration.
    /// </param>
    /// <param name="LoopError">Why its loop failed after this iteration; null means that it did not.</param>
    public sealed record TaskExecutionCompleted(
        TaskExecutionId Execution, Payload Output, UndoInput? Undo, DateTimeOffset? NextIterationAt, TaskError? LoopError) : WorkflowEvent;

    /// <summary>An execution failed for good, not through an attempt of its own.</summary>
    public sealed record TaskExecutionFailed(TaskExecutionId Execution, TaskError Error) : WorkflowEvent;

    /// <summary>A group's instance was cancelled from outside, and everything in it has settled.</summary>
    public sealed record TaskExecutionCancelled(TaskExecutionId Execution) : WorkflowEvent;

    /// <summary>An attempt failed.</summary>
    /// <param name="Execution">Its execution.</param>
    /// <param name="Number">The number of the attempt.</param>
    /// <param name="Error">How it failed.</param>
    /// <param name="RetryAt">When the next attempt may start, jitter included; null means that the execution failed for good.</param>
    /// <param name="Progress">The last progress that it reported, for the next attempt; null means that it reported none.</param>
    public sealed record AttemptFailed(
        TaskExecutionId Execution, int Number, TaskError Error, DateTimeOffset? RetryAt, Payload? Progress) : WorkflowEvent;

    /// <summary>An attempt was lost with its worker, or given back by it; it is offered again under the same number.</summary>
    /// <param name="Execution">Its execution.</param>
    /// <param name="Number">The number of the attempt.</param>
    /// <param name="Lease">The lease that was lost: reports under it no longer count, except for success.</param>
    /// <param name="Released">Whether the worker gave it back in good order.</param>
    public sealed record AttemptLost(TaskExecutionId Execution, int Number, LeaseId Lease, bool Released) : WorkflowEvent;

    /// <summary>An attempt that was withdrawn has ended.</summary>
    /// <param name="Execution">Its execution.</param>
    /// <param name="Number">The number of the attempt.</param>
    /// <param name="Undo">The input of its compensation, where it may have taken effect; else null.</param>
    public sealed record AttemptCancelled(TaskExecutionId Execution, int Number, UndoInput? Undo) : WorkflowEvent
    {
        /// <summary>How it failed while it was being withdrawn; null means that it did not.</summary>
        public TaskError? Error { get; init; }
    }

    /// <summary>The wait before a next attempt or iteration is over.</summary>
    public sealed record WaitEnded(TaskExecutionId Execution) : WorkflowEvent;

    /// <summary>An execution's deadline passed.</summary>
    public sealed record DeadlinePassed(TaskExecutionId Execution) : WorkflowEvent;

    /// <summary>A scope's timeout passed: nothing new starts in it, and what runs is cancelled.</summary>
    public sealed record ScopeTimedOut(int Scope) : WorkflowEvent;

    /// <summary>
    /// The run itself fails: all tasks settled, but its <c>output</c> could not be evaluated; or (<c>InternalError</c>, at any time) the
    /// engine could not decide how the run continues.
    /// </summary>
    public sealed record OutputFailed(TaskError Error) : WorkflowEvent;

    /// <summary>The run was asked to end: nothing new starts, and what runs is cancelled.</summary>
    public sealed record CancelRequested(string Reason) : WorkflowEvent;

    /// <summary>Everything has settled in a run that failed or was cancelled, and compensation began.</summary>
    public sealed record CompensationStarted : WorkflowEvent;

    /// <summary>The run ended with a result.</summary>
    public sealed record Completed(Payload Output) : WorkflowEvent;

    /// <summary>The run failed, after compensation where there was any.</summary>
    public sealed record Failed(TaskError Error) : WorkflowEvent;

    /// <summary>The run was cancelled, after compensation where there was any.</summary>
    public sealed record Cancelled(string Reason) : WorkflowEvent;

    /// <summary>The run was ended at once.</summary>
    public sealed record Terminated(string Reason) : WorkflowEvent;

    /// <summary>A signal came, and is kept until a task consumes it: then that task's <see cref="TaskExecutionCompleted"/> takes the oldest.</summary>
    public sealed record SignalReceived(string Name, Payload Payload) : WorkflowEvent;

    /// <summary>A task waits for a signal.</summary>
    /// <param name="Execution">The execution.</param>
    /// <param name="TimeoutAt">When the wait times out; null means never.</param>
    public sealed record SignalAwaited(TaskExecutionId Execution, DateTimeOffset? TimeoutAt) : WorkflowEvent;

    /// <summary>A person was asked.</summary>
    /// <param name="Execution">The execution.</param>
    /// <param name="Prompt">The question.</param>
    /// <param name="Options">The options, an array; null unless the question is a choice.</param>
    /// <param name="Assignees">Who is asked; null means that nobody is named.</param>
    /// <param name="TimeoutAt">When the wait times out; null means never.</param>
    public sealed record QuestionAsked(
        TaskExecutionId Execution, string Prompt, Payload? Options, Payload? Assignees, DateTimeOffset? TimeoutAt) : WorkflowEvent;

    /// <summary>A child was requested.</summary>
    /// <param name="Execution">The execution.</param>
    /// <param name="Number">The number of the start of the execution, from 1.</param>
    /// <param name="ChildId">The child's id.</param>
    /// <param name="Input">The child's input.</param>
    /// <param name="TimeoutAt">When the child is cancelled; null means never.</param>
    public sealed record ChildRequested(TaskExecutionId Execution, int Number, string ChildId, Payload Input, DateTimeOffset? TimeoutAt) : WorkflowEvent;

    /// <summary>The definition of a child was resolved; it does not change again.</summary>
    public sealed record ChildResolved(TaskExecutionId Execution, DefinitionReference Definition) : WorkflowEvent;

    /// <summary>A child's timeout passed: the child is cancelled, and its execution then fails.</summary>
    public sealed record ChildTimedOut(TaskExecutionId Execution) : WorkflowEvent;

    /// <summary>Nothing new starts until the run is resumed.</summary>
    public sealed record Paused : WorkflowEvent;

    /// <summary>The pause is over.</summary>
    public sealed record Resumed : WorkflowEvent;

    /// <summary>A command was accepted that had nothing to change, so that a repeat of it changes nothing either.</summary>
    /// <param name="Command">The command's word: <c>pause</c>.</param>
    public sealed record CommandNoted(string Command) : WorkflowEvent;

    /// <summary>A checkpoint of that name was requested: it holds the run as this commit leaves it.</summary>
    public sealed record CheckpointNamed(string Name) : WorkflowEvent;

    /// <summary>The closed run was opened again.</summary>
    /// <param name="Generation">The generation from now on: raised where tasks that had settled run again.</param>
    /// <param name="From">The position of the task of the run's own graph from which tasks run again; null means that only failed ones do.</param>
    public sealed record Reopened(int Generation, int? From) : WorkflowEvent;

    /// <summary>The run is to be taken back: nothing new starts, and what runs is cancelled.</summary>
    /// <param name="To">The sequence number of the checkpoint.</param>
    /// <param name="Image">The image of the checkpoint.</param>
    public sealed record RewindRequested(long To, RunImage Image) : WorkflowEvent;

    /// <summary>Everything has settled, and the run has the state of the checkpoint again.</summary>
    /// <param name="Generation">The generation from now on.</param>
    /// <param name="To">The sequence number of the checkpoint.</param>
    /// <param name="Image">The image of the checkpoint; null means that of <see cref="RewindRequested"/>.</param>
    public sealed record Rewound(int Generation, long To, RunImage? Image) : WorkflowEvent;
}

/// <summary>One attempt that begins.</summary>
/// <param name="Execution">Its execution.</param>
/// <param name="Number">The number of the attempt, from 1.</param>
/// <param name="Input">The evaluated <c>with</c>; null for a later attempt, which takes that of the first.</param>
/// <param name="Secrets">The slots that the worker fills with secrets.</param>
internal sealed record AttemptStart(TaskExecutionId Execution, int Number, Payload? Input, ImmutableArray<SecretSlot> Secrets)
{
    /// <inheritdoc/>
    public bool Equals(AttemptStart? other) =>
        other is not null && Execution == other.Execution && Number == other.Number && Equals(Input, other.Input) && Secrets.SequenceEqual(other.Secrets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Execution, Number);
}

/// <summary>The input of a compensation, evaluated when its execution completed.</summary>
/// <param name="Input">The evaluated <c>with</c>.</param>
/// <param name="Secrets">The slots that the worker fills with secrets.</param>
/// <param name="Error">Why it could not be evaluated, for which the compensation fails; null means that it was.</param>
internal sealed record UndoInput(Payload Input, ImmutableArray<SecretSlot> Secrets, string? Error)
{
    /// <summary>The type of <see cref="Error"/>; it has no meaning without an error.</summary>
    public string ErrorType { get; init; } = ErrorTypes.ExpressionError;

    /// <inheritdoc/>
    public bool Equals(UndoInput? other) => other is not null && Input.Equals(other.Input) && Secrets.SequenceEqual(other.Secrets)
        && Error == other.Error && ErrorType == other.ErrorType;

    /// <inheritdoc/>
    public override int GetHashCode() => Input.GetHashCode();
}

/// <summary>What one command led to: it is recorded as a whole, or not at all.</summary>
/// <param name="At">When it was decided; never earlier than the commit before.</param>
/// <param name="CommandId">The id of the command: a repeat of it changes nothing. Null means that the command carries no id.</param>
/// <param name="Events">What happened, in order.</param>
internal sealed record WorkflowCommit(DateTimeOffset At, Guid? CommandId, ImmutableArray<WorkflowEvent> Events)
{
    /// <summary>The hash of the command's content (<see cref="CommandContent"/>); 0, the default, means that it is not known, or that there is no id.</summary>
    public ulong CommandHash { get; init; }

    /// <inheritdoc/>
    public bool Equals(WorkflowCommit? other) =>
        other is not null && At == other.At && CommandId == other.CommandId && CommandHash == other.CommandHash && Events.SequenceEqual(other.Events);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(At, CommandId, Events.Length);
}
