using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Event;

namespace ActorFlow.Runtime.Workflows;

/// <summary>A question to a run. It changes nothing.</summary>
internal abstract record WorkflowQuery : IWorkflowMessage
{
    private WorkflowQuery() { }

    /// <inheritdoc/>
    public abstract string WorkflowId { get; init; }

    /// <summary>Asks how the run ended; the answer comes once it has. Repeat it within a minute: the sender is kept in memory only.</summary>
    public sealed record AwaitEnd(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks for the status of the run.</summary>
    public sealed record GetStatus(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks for everything that the run holds.</summary>
    public sealed record GetDetails(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks for rows of the run's journal.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="From">The number of the first row, from 1.</param>
    /// <param name="Max">The most rows, 1 to 1,000.</param>
    public sealed record GetHistory(string WorkflowId, long From, int Max) : WorkflowQuery;

    /// <summary>Asks for the list of checkpoints that are kept.</summary>
    public sealed record GetCheckpoints(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks for the content of a checkpoint.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Checkpoint">Its name, or its number.</param>
    public sealed record GetCheckpoint(string WorkflowId, string Checkpoint) : WorkflowQuery
    {
        /// <summary>Whether to answer only with its place: <see cref="WorkflowReply.ReadFromStore"/>. The default is false.</summary>
        public bool PlaceOnly { get; init; }
    }

    /// <summary>Asks, from a worker, for the input of an attempt that it is about to start; the answer is <see cref="Tasks.AttemptInput"/>.</summary>
    /// <param name="WorkflowId">The run.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="Lease">The lease under which the worker holds it.</param>
    public sealed record FetchInput(string WorkflowId, AttemptId Attempt, LeaseId Lease) : WorkflowQuery;
}

/// <summary>
/// An answer of a run. It is sent only after the write that it reports. A request that was repeated is answered more than once: whoever has
/// asked is gone by then, and that is no dead letter.
/// </summary>
internal abstract record WorkflowReply : IDeadLetterSuppression
{
    private WorkflowReply() { }

    /// <summary>The id of the run.</summary>
    public abstract string WorkflowId { get; init; }

    /// <summary>The command is durable, or was already.</summary>
    public sealed record Accepted(string WorkflowId) : WorkflowReply
    {
        /// <summary>The run that a start or fork led to; null for other commands, for children, and from a node of an earlier version.</summary>
        public StartedWorkflow? Started { get; init; }
    }

    /// <summary>The command was refused, and changed nothing.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Code">A stable code.</param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string WorkflowId, string Code, string Reason) : WorkflowReply;

    /// <summary>Everything that a run holds.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Image">The state of the run.</param>
    /// <param name="Outcome">How it ended; null means that it is open.</param>
    /// <param name="CheckpointFailure">Why its last checkpoint could not be stored; null means that it was.</param>
    public sealed record Details(string WorkflowId, RunImage Image, RunOutcome? Outcome, string? CheckpointFailure) : WorkflowReply;

    /// <summary>Rows of a run's journal, in order.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Rows">The rows: as many as were requested, or those that fit into 2 MB, but at least one.</param>
    /// <param name="Last">The number of the last row of the journal.</param>
    public sealed record History(string WorkflowId, ImmutableArray<JournalEntry> Rows, long Last) : WorkflowReply;

    /// <summary>The checkpoints that are kept, newest first.</summary>
    public sealed record Checkpoints(string WorkflowId, ImmutableArray<CheckpointSummary> All) : WorkflowReply;

    /// <summary>The content of a checkpoint.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Sequence">The checkpoint's number.</param>
    /// <param name="Image">The state of the run.</param>
    public sealed record Checkpoint(string WorkflowId, long Sequence, RunImage Image) : WorkflowReply;

    /// <summary>
    /// Where a past or present state of the run is found in the store that all nodes share: the state is too large for a message to another
    /// node, or only its place was requested.
    /// </summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="RunId">The id of this start of the run.</param>
    /// <param name="Sequence">The number of the journal row of the state; that of the last row, if rows were requested.</param>
    /// <param name="Definition">The definition that it runs.</param>
    public sealed record ReadFromStore(string WorkflowId, Guid RunId, long Sequence, DefinitionReference Definition) : WorkflowReply
    {
        /// <summary>How the run ended; null means that it is open, or that a past state was requested.</summary>
        public RunOutcome? Outcome { get; init; }

        /// <summary>Why its last checkpoint could not be stored; null means that it was, or that a past state was requested.</summary>
        public string? CheckpointFailure { get; init; }

        /// <summary>The input of the run; null unless only the place of a checkpoint was requested.</summary>
        public Payload? Input { get; init; }
    }

    /// <summary>How the run ended.</summary>
    public sealed record Ended(
        string WorkflowId,
        DefinitionReference Definition,
        RunOutcome Outcome,
        Payload Output,
        TaskError? Error,
        string? Reason,
        ImmutableArray<FailedTask> Failures,
        DateTimeOffset StartedAt,
        DateTimeOffset ClosedAt) : WorkflowReply;

    /// <summary>The status of an open run.</summary>
    public sealed record Status(
        string WorkflowId,
        DefinitionReference Definition,
        RunProgress Progress,
        string? Stopping,
        DateTimeOffset? NextDue) : WorkflowReply
    {
        /// <summary>
        /// What attempts wait for that may never come, to be read after "waiting for": <c>a worker that offers X</c>. It is known about a
        /// second later.
        /// </summary>
        public ImmutableArray<string> WaitingFor { get; init; } = [];

        /// <summary>The words of <see cref="WaitingFor"/> for a handler that no worker offers.</summary>
        public static string WorkerFor(string handler) => $"a worker that offers {handler}";
    }
}

/// <summary>Takes a run back to one of its checkpoints.</summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="CommandId">The id of this command; a repeat carries the same id.</param>
/// <param name="Checkpoint">The checkpoint's name, or its number.</param>
internal sealed record RewindTo(string WorkflowId, Guid CommandId, string Checkpoint) : IWorkflowMessage
{
    /// <inheritdoc cref="WorkflowCommand.Retry.LeftBy"/>
    public AttemptId? LeftBy { get; init; }
}

/// <summary>
/// Begins a run from a row of another run's journal. The new run reads that state from the store itself, so that no message
/// holds it; otherwise it is like a <see cref="WorkflowCommand.Start"/>, also when it is repeated.
/// </summary>
/// <param name="WorkflowId">The id of the new run.</param>
/// <param name="CommandId">The id of this command; a repeat carries the same id.</param>
/// <param name="RunId">The id of this start of the new run.</param>
/// <param name="Definition">The definition that both run.</param>
/// <param name="Input">The input of the new run.</param>
/// <param name="Origin">The run that is forked, and the row of its journal.</param>
internal sealed record ForkFrom(
    string WorkflowId, Guid CommandId, Guid RunId, DefinitionReference Definition, Payload Input, RunOrigin Origin) : IWorkflowMessage
{
    /// <summary>The trace that the new run belongs to; null means none.</summary>
    public TraceContext? Trace { get; init; }
}

/// <summary>Tells a child that its parent has recorded how it ended, or no longer waits for it.</summary>
/// <param name="Attempt">The execution of the parent that waited, and the number of its start.</param>
internal sealed record ChildEndAcknowledged(AttemptId Attempt);
