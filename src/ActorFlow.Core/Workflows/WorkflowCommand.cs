using System.Collections.Immutable;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Workflows;

/// <summary>A message to one run; sharding routes it by the run's id.</summary>
internal interface IWorkflowMessage
{
    /// <summary>The id of the run.</summary>
    string WorkflowId { get; }
}

/// <summary>What a run is asked or told to do. A command may be refused; an event may not.</summary>
internal abstract record WorkflowCommand : IWorkflowMessage
{
    private WorkflowCommand() { }

    /// <inheritdoc/>
    public abstract string WorkflowId { get; init; }

    /// <summary>Begins the run. A repeat with the same definition and input gets the first answer; any other is a conflict.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="CommandId">The id of this command; a repeat carries the same id.</param>
    /// <param name="RunId">The id of this start, which stays unique even if the workflow id is used again.</param>
    /// <param name="Definition">The definition to run: name, version and content hash.</param>
    /// <param name="Input">The input; it is checked against the definition's schema.</param>
    public sealed record Start(string WorkflowId, Guid CommandId, Guid RunId, DefinitionReference Definition, Payload Input) : WorkflowCommand
    {
        /// <summary>The parent, and the execution of it that waits; null means that the run has no parent.</summary>
        public ParentLink? Parent { get; init; }

        /// <summary>The checkpoint that this run is forked from; null means that it is not a fork.</summary>
        public RunOrigin? Origin { get; init; }

        /// <summary>The image that a fork begins from; null unless there is an <see cref="Origin"/>.</summary>
        public RunImage? Image { get; init; }

        /// <summary>The further definitions of the same document: children of those names run them (rule 30).</summary>
        public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

        /// <summary>The directory that relative paths of its tasks start from; null means that none was given.</summary>
        public string? Directory { get; init; }

        /// <summary>The trace that it belongs to; null means none.</summary>
        public TraceContext? Trace { get; init; }

        /// <summary>Whether the definition was named without a version: as a repeat, the start then fits a run of any version of it.</summary>
        public bool AnyVersion { get; init; }

        /// <summary>When its first task begins; null, or a time that has passed, means at once. A fork begins as its checkpoint says.</summary>
        public DateTimeOffset? StartAt { get; init; }

        /// <summary>The tags of the run.</summary>
        public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;
    }

    /// <summary>Reports how an attempt ended, from a worker, or from a task queue on behalf of a lost one.</summary>
    public sealed record Report(string WorkflowId, AttemptId Attempt, LeaseId Lease, TaskOutcome Outcome) : WorkflowCommand;

    /// <summary>Handles what has fallen due: a backoff, a delay, a timeout.</summary>
    public sealed record Tick(string WorkflowId) : WorkflowCommand;

    /// <summary>Continues the work that one decision left because it would have grown too large.</summary>
    public sealed record Continue(string WorkflowId) : WorkflowCommand;

    /// <summary>Ends the run in good order: what runs is cancelled, and compensated where the definition says so.</summary>
    public sealed record Cancel(string WorkflowId, Guid CommandId, string Reason) : WorkflowCommand;

    /// <summary>Ends the run at once. What runs is abandoned, nothing is compensated.</summary>
    public sealed record Terminate(string WorkflowId, Guid CommandId, string Reason) : WorkflowCommand;

    /// <summary>Sends the run a signal: kept until a task of it consumes it.</summary>
    public sealed record Signal(string WorkflowId, Guid CommandId, string Name, Payload Payload) : WorkflowCommand;

    /// <summary>Answers a question. The first valid answer settles it.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="CommandId">The id of this command.</param>
    /// <param name="Task">The path of the task that asks; the iteration of a loop may be left out.</param>
    /// <param name="Value">The answer.</param>
    /// <param name="By">Who answers; null means that this is not given.</param>
    /// <param name="Comment">A comment on the answer; null means that there is none.</param>
    public sealed record Answer(string WorkflowId, Guid CommandId, string Task, Payload Value, string? By, string? Comment) : WorkflowCommand
    {
        /// <summary>Who the client says that it answers for; null means that it says nothing.</summary>
        public string? ClaimedBy { get; init; }
    }

    /// <summary>Pauses the run: nothing new starts until it is resumed; what runs continues (rule 33).</summary>
    public sealed record Pause(string WorkflowId, Guid CommandId) : WorkflowCommand;

    /// <summary>Ends a pause.</summary>
    public sealed record Resume(string WorkflowId, Guid CommandId) : WorkflowCommand;

    /// <summary>
    /// Opens a run that has ended: without <paramref name="From"/> a failed run continues from its failed tasks; with it, that task of
    /// the run's own graph and everything downstream of it run again.
    /// </summary>
    public sealed record Retry(string WorkflowId, Guid CommandId, string? From) : WorkflowCommand
    {
        /// <summary>The parent's attempt that left this run, from the parent's journal; null means that the journal was not read.</summary>
        public AttemptId? LeftBy { get; init; }
    }

    /// <summary>Takes a checkpoint under a name.</summary>
    public sealed record TakeCheckpoint(string WorkflowId, Guid CommandId, string Name) : WorkflowCommand;

    /// <summary>Takes the run back to a checkpoint: first everything under way is cancelled and settles.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="CommandId">The id of this command.</param>
    /// <param name="To">The sequence number of the checkpoint.</param>
    /// <param name="Image">The image of the checkpoint.</param>
    public sealed record Rewind(string WorkflowId, Guid CommandId, long To, RunImage Image) : WorkflowCommand
    {
        /// <summary>The checkpoint as the command names it. The default is its number.</summary>
        public string Checkpoint { get => field ?? Number; init => field = value == Number ? null : value; }

        /// <summary>Whether the command names the checkpoint by its number.</summary>
        public bool IsByNumber => Checkpoint == Number;

        private string Number => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"#{To}");

        /// <inheritdoc cref="Retry.LeftBy"/>
        public AttemptId? LeftBy { get; init; }
    }

    /// <summary>Tells the definition that a child runs, or that there is none.</summary>
    /// <param name="WorkflowId">The id of the parent.</param>
    /// <param name="Attempt">The execution that waits, and the number of its start.</param>
    /// <param name="Definition">The definition; null means that there is none.</param>
    public sealed record ResolveChild(string WorkflowId, AttemptId Attempt, DefinitionReference? Definition) : WorkflowCommand;

    /// <summary>Tells that a child could not start.</summary>
    /// <param name="WorkflowId">The id of the parent.</param>
    /// <param name="Attempt">The execution that waits, and the number of its start.</param>
    /// <param name="Type">The error type.</param>
    /// <param name="Message">Why, for people.</param>
    public sealed record ChildRefused(string WorkflowId, AttemptId Attempt, string Type, string Message) : WorkflowCommand;

    /// <summary>Tells that a child has ended.</summary>
    /// <param name="WorkflowId">The id of the parent.</param>
    /// <param name="Attempt">The execution that waits, and the number of its start.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Output">Its result; the payload <c>null</c> unless it completed.</param>
    /// <param name="Error">Why it failed; null unless it did.</param>
    /// <param name="Reason">Why it was cancelled or terminated; null unless it was.</param>
    public sealed record ChildEnded(
        string WorkflowId, AttemptId Attempt, RunOutcome Outcome, Payload Output, TaskError? Error, string? Reason) : WorkflowCommand;
}

/// <summary>The link from a child to its parent.</summary>
/// <param name="WorkflowId">The id of the parent.</param>
/// <param name="Attempt">The execution of it that waits, and the number of its start.</param>
/// <param name="Depth">How many runs are above this one: 1 for the child of a run that has no parent.</param>
internal sealed record ParentLink(string WorkflowId, AttemptId Attempt, int Depth)
{
    /// <summary>Whether this is a later start of the same child by the same parent, which was rewound or retried.</summary>
    public bool Follows(ParentLink former) =>
        WorkflowId == former.WorkflowId
        && (Attempt.RunId != former.Attempt.RunId
            || (Attempt.Generation, Attempt.Number).CompareTo((former.Attempt.Generation, former.Attempt.Number)) > 0);
}

/// <summary>The checkpoint that a run was forked from.</summary>
/// <param name="WorkflowId">The id of the run that was forked.</param>
/// <param name="RunId">The id of that start of the run.</param>
/// <param name="Sequence">The sequence number of the checkpoint.</param>
internal sealed record RunOrigin(string WorkflowId, Guid RunId, long Sequence);
