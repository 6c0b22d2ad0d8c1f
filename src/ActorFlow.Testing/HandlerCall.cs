using ActorFlow.Core.Payloads;

namespace ActorFlow.Testing;

/// <summary>One attempt that a worker took on: which handler it ran, with what, and what came of it.</summary>
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

    /// <summary>The task's path: <c>each[2]/x#3</c>; of a compensation, with <c>!compensate</c> behind it.</summary>
    public required string Task { get; init; }

    /// <summary>The attempt, from 1. One that was lost with its worker is called again under the same number.</summary>
    public required int Attempt { get; init; }

    /// <summary>The same for every attempt at this task in this generation of the run.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>What the handler was given, without the values of secrets.</summary>
    public required Payload Input { get; init; }

    /// <summary>When it started, in virtual time.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; none while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>What became of it.</summary>
    public CallEnd End { get; private set; }

    /// <summary>What it returned; none unless it did.</summary>
    public Payload? Output { get; private set; }

    /// <summary>The type of its error; none unless it failed or ran out of time.</summary>
    public string? ErrorType { get; private set; }

    /// <summary>Whether the failure was asked for by <see cref="WorkflowTestHost.FailNext"/>: the handler itself did not run.</summary>
    public bool WasMadeToFail { get; internal set; }

    /// <summary>The last progress that it reported; none if it reported none.</summary>
    public Payload? Progress { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Order}. {Handler} for {WorkflowId} {Task}:{Attempt}, {End}{(ErrorType is null ? "" : $" ({ErrorType})")}";

    internal void Finish(CallEnd end, DateTimeOffset at, Payload? output = null, string? errorType = null) =>
        (End, EndedAt, Output, ErrorType) = (end, at, output, errorType);
}

/// <summary>What became of a call.</summary>
public enum CallEnd
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It returned its output.</summary>
    Returned,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>Its <c>timeout</c> passed, or its <c>heartbeat</c> without a sign of it.</summary>
    TimedOut,

    /// <summary>It was asked to stop, and did.</summary>
    Cancelled,

    /// <summary>It was asked to stop, and had not when its grace was over.</summary>
    Abandoned,

    /// <summary>It was lost with its worker, or with the node: its result counts for nothing.</summary>
    Lost,
}
