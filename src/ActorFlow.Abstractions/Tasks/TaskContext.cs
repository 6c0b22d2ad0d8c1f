using Microsoft.Extensions.Logging;

namespace ActorFlow;

/// <summary>The attempt that a handler runs.</summary>
public abstract class TaskContext
{
    /// <summary>The id of the workflow run.</summary>
    public abstract string WorkflowId { get; }

    /// <summary>The task's path within the run, elements and iterations included: <c>each[2]/x#3</c>.</summary>
    public abstract string Task { get; }

    /// <summary>The name of the handler in <c>uses</c>.</summary>
    public abstract string Handler { get; }

    /// <summary>The number of the attempt, from 1. An attempt lost with its worker is offered again under the same number.</summary>
    public abstract int Attempt { get; }

    /// <summary>A key that is the same for every attempt of this execution in this generation of the run: pass it to calls that must not take effect twice.</summary>
    public abstract string IdempotencyKey { get; }

    /// <summary>The last progress that the previous attempt reported; null unless one did.</summary>
    public abstract Payload? PreviousProgress { get; }

    /// <summary>
    /// The directory that relative paths of the run's tasks start from: that of the caller who started the run. Null, the default, means
    /// that the caller gave none.
    /// </summary>
    public virtual string? Directory => null;

    /// <summary>A logger that carries the run and the task.</summary>
    public abstract ILogger Logger { get; }

    /// <summary>Whether a secret was put into the input at this place, or anywhere below it: such values must not be disclosed.</summary>
    /// <param name="pointer">A JSON Pointer (RFC 6901): <c>/headers/X-Key</c>; empty for the whole input.</param>
    public virtual bool HoldsSecret(string pointer) => false;

    /// <summary>Reports that the handler is alive, and its progress. The call is cheap and may be frequent.</summary>
    /// <param name="progress">The progress, kept for the next attempt; null keeps the last one.</param>
    public abstract ValueTask HeartbeatAsync(Payload? progress = null);
}
