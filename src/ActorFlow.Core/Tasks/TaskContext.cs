using ActorFlow.Core.Payloads;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Core.Tasks;

/// <summary>What a handler is told about the attempt that it runs.</summary>
public abstract class TaskContext
{
    /// <summary>The id of the workflow run.</summary>
    public abstract string WorkflowId { get; }

    /// <summary>The task's path within the run, elements and iterations included: <c>each[2]/x#3</c>.</summary>
    public abstract string Task { get; }

    /// <summary>The name the handler was asked for by.</summary>
    public abstract string Handler { get; }

    /// <summary>The attempt, from 1. An attempt lost with its worker is offered again under the same number.</summary>
    public abstract int Attempt { get; }

    /// <summary>The same for every attempt at this task in this generation of the run: hand it to whatever must not happen twice.</summary>
    public abstract string IdempotencyKey { get; }

    /// <summary>The last progress that the previous attempt reported; none on the first.</summary>
    public abstract Payload? PreviousProgress { get; }

    /// <summary>
    /// The directory that whoever started the run was in, if it said so: what relative paths of its tasks mean. Null, the default, means
    /// that it said none.
    /// </summary>
    public virtual string? Directory => null;

    /// <summary>A logger that carries the run and the task.</summary>
    public abstract ILogger Logger { get; }

    /// <summary>Whether a secret was put into the input at this place, or anywhere below it: what holds one must not go astray.</summary>
    /// <param name="pointer">A JSON Pointer (RFC 6901): <c>/headers/X-Key</c>; empty for the whole input.</param>
    public virtual bool HoldsSecret(string pointer) => false;

    /// <summary>Says that the handler is alive, and how far it is. Cheap: call it as often as there is something to say.</summary>
    /// <param name="progress">Kept for the next attempt; none keeps the last one.</param>
    public abstract ValueTask HeartbeatAsync(Payload? progress = null);
}

/// <summary>How an attempt failed.</summary>
/// <param name="type">The error type, as <c>non-retryable</c> and <c>tasks.x.error.type</c> name it.</param>
/// <param name="message">What went wrong, for people. Whatever it quotes is quoted whole: secrets are masked first, and only then is it cut.</param>
/// <param name="retryable">Whether another attempt may help.</param>
public sealed class TaskFailure(string type, string message, bool retryable = true) : Exception(message)
{
    /// <summary>The error type.</summary>
    public string Type { get; } = type;

    /// <summary>Whether another attempt may help.</summary>
    public bool Retryable { get; } = retryable;

    /// <summary>How much of the message is kept: of a longer one its beginning and its end.</summary>
    /// <value>From 100 up, in UTF-16 units. The default is no limit but the worker's own, 8,192 unless it is set.</value>
    public int MessageLimit { get; init; } = int.MaxValue;

    /// <summary>How long the other side asks to be left alone: the wait before the next attempt, in place of the one that <c>retry</c> gives.</summary>
    /// <value>Not negative; more than a day counts as a day. None by default.</value>
    public TimeSpan? RetryAfter { get; init; }
}
