
namespace ActorFlow.Testing;

/// <summary>One attempt that a worker ran: its handler, its input and its result.</summary>
public sealed class HandlerCall
{
    internal HandlerCall()
    {
    }

    /// <summary>Its place among all calls of the host, by start, from 1.</summary>
    public required int Order { get; init; }

    /// <summary>The handler.</summary>
    public required string Handler { get; init; }

    /// <summary>The id of the run.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>The task's path: <c>each[2]/x#3</c>; that of a compensation ends in <c>!compensate</c>.</summary>
    public required string Task { get; init; }

    /// <summary>The number of the attempt, from 1. An attempt that was lost with its worker is called again under the same number.</summary>
    public required int Attempt { get; init; }

    /// <summary>The idempotency key: the same for every attempt of this execution in this generation of the run.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The input of the handler, without the values of secrets.</summary>
    public required Payload Input { get; init; }

    /// <summary>When it started, in virtual time.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How it ended.</summary>
    public CallEnd End { get; private set; }

    /// <summary>Its output; null unless it returned.</summary>
    public Payload? Output { get; private set; }

    /// <summary>The type of its error; null unless it failed or timed out.</summary>
    public string? ErrorType { get; private set; }

    /// <summary>Whether the failure was requested by <see cref="WorkflowTestHost.FailNext"/>: the handler itself did not run.</summary>
    public bool WasMadeToFail { get; internal set; }

    /// <summary>The last progress that it reported; null means that it reported none.</summary>
    public Payload? Progress { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Order}. {Handler} for {WorkflowId} {Task}:{Attempt}, {End}{(ErrorType is null ? "" : $" ({ErrorType})")}";

    internal void Finish(CallEnd end, DateTimeOffset at, Payload? output = null, string? errorType = null) =>
        (End, EndedAt, Output, ErrorType) = (end, at, output, errorType);
}

/// <summary>How a call ended.</summary>
public enum CallEnd
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It returned its output.</summary>
    Returned,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>Its <c>timeout</c> passed, or its <c>heartbeat</c> passed without a report.</summary>
    TimedOut,

    /// <summary>It was cancelled, and stopped.</summary>
    Cancelled,

    /// <summary>It was cancelled, and did not stop within the grace.</summary>
    Abandoned,

    /// <summary>It was lost with its worker, or with the node: its result does not count.</summary>
    Lost,
}
