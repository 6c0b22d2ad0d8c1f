using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Something that a run may be asked to tell. Asking changes nothing.</summary>
public abstract record WorkflowQuery : IWorkflowMessage
{
    private WorkflowQuery() { }

    /// <inheritdoc/>
    public abstract string WorkflowId { get; init; }

    /// <summary>Asks to be told how the run ended, now or once it has. Ask again before a minute is over: who asked is kept in memory only.</summary>
    public sealed record AwaitEnd(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks where the run stands.</summary>
    public sealed record GetStatus(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks for everything that the run holds.</summary>
    public sealed record GetDetails(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks for what the run's journal holds.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="From">The number of the first row, from 1.</param>
    /// <param name="Max">How many rows at most, 1 to 1,000.</param>
    public sealed record GetHistory(string WorkflowId, long From, int Max) : WorkflowQuery;

    /// <summary>Asks which checkpoints are kept.</summary>
    public sealed record GetCheckpoints(string WorkflowId) : WorkflowQuery;

    /// <summary>Asks for what a checkpoint holds.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Checkpoint">Its name, or its number.</param>
    public sealed record GetCheckpoint(string WorkflowId, string Checkpoint) : WorkflowQuery
    {
        /// <summary>Whether to tell only where it is found: <see cref="WorkflowReply.ReadFromStore"/>. The default is all that it holds.</summary>
        public bool PlaceOnly { get; init; }
    }

    /// <summary>A worker asks for the input of an attempt that it is about to start; answered with <see cref="Tasks.AttemptInput"/>.</summary>
    /// <param name="WorkflowId">The run.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="Lease">The lease under which the worker holds it.</param>
    public sealed record FetchInput(string WorkflowId, AttemptId Attempt, LeaseId Lease) : WorkflowQuery;
}

/// <summary>What a run answers. An answer leaves only after the write that it tells of.</summary>
public abstract record WorkflowReply
{
    private WorkflowReply() { }

    /// <summary>The id of the run.</summary>
    public abstract string WorkflowId { get; init; }

    /// <summary>The command is durable, or was already.</summary>
    public sealed record Accepted(string WorkflowId) : WorkflowReply;

    /// <summary>The command makes no sense, and changed nothing.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Code">A stable code.</param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string WorkflowId, string Code, string Reason) : WorkflowReply;

    /// <summary>Everything that a run holds.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Image">The run.</param>
    /// <param name="Outcome">How it ended; none: it is open.</param>
    /// <param name="CheckpointFailure">Why its last checkpoint could not be stored; none: it was.</param>
    public sealed record Details(string WorkflowId, RunImage Image, RunOutcome? Outcome, string? CheckpointFailure) : WorkflowReply;

    /// <summary>What a run's journal holds, in order.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Rows">The rows: as many as were asked for, or those that come to 2 MB, but one at least.</param>
    /// <param name="Last">The number of the last row there is.</param>
    public sealed record History(string WorkflowId, ImmutableArray<JournalEntry> Rows, long Last) : WorkflowReply;

    /// <summary>The checkpoints that are kept, newest first.</summary>
    public sealed record Checkpoints(string WorkflowId, ImmutableArray<ListedCheckpoint> All) : WorkflowReply;

    /// <summary>What a checkpoint holds.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="Sequence">The checkpoint's number.</param>
    /// <param name="Image">The run as it was.</param>
    public sealed record Checkpoint(string WorkflowId, long Sequence, RunImage Image) : WorkflowReply;

    /// <summary>
    /// Where the run's past, or the run as it is, is found in the store that all nodes share: it is too large for a message to another
    /// node, or its place is all that was asked for.
    /// </summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="RunId">The run, for good.</param>
    /// <param name="Sequence">The number of the journal row that left it so; of the last one, where rows were asked for.</param>
    /// <param name="Definition">What it runs.</param>
    public sealed record ReadFromStore(string WorkflowId, Guid RunId, long Sequence, DefinitionReference Definition) : WorkflowReply
    {
        /// <summary>How the run ended; none: it is open, or its past was asked for.</summary>
        public RunOutcome? Outcome { get; init; }

        /// <summary>Why its last checkpoint could not be stored; none: it was, or the run's past was asked for.</summary>
        public string? CheckpointFailure { get; init; }

        /// <summary>What the run was started with; none unless only the place of a checkpoint was asked for.</summary>
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

    /// <summary>Where an open run stands.</summary>
    public sealed record Status(
        string WorkflowId,
        DefinitionReference Definition,
        RunProgress Progress,
        string? Stopping,
        DateTimeOffset? NextDue) : WorkflowReply
    {
        /// <summary>
        /// What attempts wait for that may never come, to be read after "waiting for": <c>a worker that offers X</c>. It says so about a
        /// second after it is so.
        /// </summary>
        public ImmutableArray<string> WaitingFor { get; init; } = [];
    }
}

/// <summary>One checkpoint of a run.</summary>
/// <param name="Sequence">Its number: that of the journal row after which it was taken.</param>
/// <param name="Name">Its name; none: it was taken by the run's policy.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Bytes">Its size as stored; 0: it is not stored by itself, and is found again from the journal.</param>
public sealed record ListedCheckpoint(long Sequence, string? Name, DateTimeOffset At, long Bytes);

/// <summary>Takes a run back to one of its checkpoints.</summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="CommandId">Names this command; a repeat carries the same.</param>
/// <param name="Checkpoint">The checkpoint's name, or its number.</param>
public sealed record RewindTo(string WorkflowId, Guid CommandId, string Checkpoint) : IWorkflowMessage
{
    /// <inheritdoc cref="WorkflowCommand.Retry.LeftBy"/>
    public AttemptId? LeftBy { get; init; }
}

/// <summary>
/// Begins a run that goes on from a row of another's journal. The new run reads that state from the store itself, so that no message
/// holds it; otherwise it is a <see cref="WorkflowCommand.Start"/>, and so is a repeat.
/// </summary>
/// <param name="WorkflowId">The id of the new run.</param>
/// <param name="CommandId">Names this command; a repeat carries the same.</param>
/// <param name="RunId">Names the new run for good.</param>
/// <param name="Definition">What both run.</param>
/// <param name="Input">The input of the new run.</param>
/// <param name="Origin">The run that is forked, and the row.</param>
public sealed record ForkFrom(
    string WorkflowId, Guid CommandId, Guid RunId, DefinitionReference Definition, Payload Input, RunOrigin Origin) : IWorkflowMessage;

/// <summary>A parent has recorded how its child ended, or no longer wants to know.</summary>
/// <param name="Attempt">The execution of the parent that waited, and which start of it.</param>
public sealed record ChildEndAcknowledged(AttemptId Attempt);
