using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

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
