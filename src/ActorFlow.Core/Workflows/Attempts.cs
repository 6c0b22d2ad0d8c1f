using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// The id of one execution of a task, with the element of its fan-out and the iteration of its loop. Scopes are numbered in the order
/// in which they open, which a replay repeats; the run itself is scope 0, compensation is scope −1.
/// </summary>
/// <param name="Scope">The scope instance that holds the task.</param>
/// <param name="Task">The task's position in that scope, in file order; for a compensation, its number.</param>
/// <param name="Element">The element of the fan-out; 0 without a fan-out.</param>
/// <param name="Iteration">The iteration of the loop; 0 without a loop.</param>
internal readonly record struct TaskExecutionId(int Scope, int Task, int Element, int Iteration) : IComparable<TaskExecutionId>
{
    /// <summary>Orders by scope, then task, element and iteration.</summary>
    public int CompareTo(TaskExecutionId other)
    {
        var byScope = Scope.CompareTo(other.Scope);
        if (byScope != 0)
        {
            return byScope;
        }

        var byTask = Task.CompareTo(other.Task);
        if (byTask != 0)
        {
            return byTask;
        }

        var byElement = Element.CompareTo(other.Element);
        return byElement != 0 ? byElement : Iteration.CompareTo(other.Iteration);
    }
}

/// <summary>
/// The id of one attempt, the same after a recovery. A report for another attempt than the current one changes nothing.
/// </summary>
/// <param name="RunId">The run, unique even where a workflow id is used again.</param>
/// <param name="Generation">Raised when settled tasks of the run run again (retry, rewind): attempts of an earlier generation are void.</param>
/// <param name="Execution">The execution.</param>
/// <param name="Number">The number of the attempt, from 1; a lost attempt keeps its number.</param>
internal sealed record AttemptId(Guid RunId, int Generation, TaskExecutionId Execution, int Number);

/// <summary>The id of a lease: the right of one worker to run one attempt. A later lease is greater.</summary>
/// <param name="Epoch">The epoch of the task queue that gave the lease.</param>
/// <param name="Number">The counter within that epoch.</param>
internal readonly record struct LeaseId(long Epoch, long Number) : IComparable<LeaseId>
{
    /// <summary>The value before every lease.</summary>
    public static readonly LeaseId None;

    /// <inheritdoc/>
    public int CompareTo(LeaseId other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Number.CompareTo(other.Number);

    /// <summary>Whether <paramref name="left"/> was given after <paramref name="right"/>.</summary>
    public static bool operator >(LeaseId left, LeaseId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> was given before <paramref name="right"/>.</summary>
    public static bool operator <(LeaseId left, LeaseId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is <paramref name="right"/> or later.</summary>
    public static bool operator >=(LeaseId left, LeaseId right) => left.CompareTo(right) >= 0;

    /// <summary>Whether <paramref name="left"/> is <paramref name="right"/> or earlier.</summary>
    public static bool operator <=(LeaseId left, LeaseId right) => left.CompareTo(right) <= 0;
}

/// <summary>An attempt to offer, with everything that a worker needs to run it.</summary>
/// <param name="Attempt">Its id.</param>
/// <param name="Path">The task's path for people: <c>each[2]/x#3</c>.</param>
/// <param name="Handler">The handler to run.</param>
/// <param name="Queue">The task queue to offer it to.</param>
/// <param name="Priority">The priority, 0 (lowest) to 9 (highest).</param>
/// <param name="Input">The evaluated <c>with</c>, secrets left out; the payload <c>null</c> where it is withheld.</param>
/// <param name="Secrets">The slots that the worker fills with secrets.</param>
/// <param name="Timeout">How long the attempt may run, from its start on the worker.</param>
/// <param name="Heartbeat">How long the handler may go without a heartbeat; null means no limit.</param>
/// <param name="ReadyAt">The time from which it could run; it gives its age in the queue, also over repeated offers.</param>
/// <param name="PreviousProgress">The last progress of the previous attempt; null means that it reported none.</param>
internal sealed record TaskOrder(
    AttemptId Attempt,
    string Path,
    string Handler,
    string Queue,
    int Priority,
    Payload Input,
    ImmutableArray<SecretSlot> Secrets,
    TimeSpan Timeout,
    TimeSpan? Heartbeat,
    DateTimeOffset ReadyAt,
    Payload? PreviousProgress)
{
    /// <summary>The size in bytes of an input that stays with the run until the attempt starts; 0 means that <see cref="Input"/> has it.</summary>
    public int WithheldBytes { get; init; }

    /// <summary>The run's directory, for relative paths; null means that none was given.</summary>
    public string? Directory { get; init; }

    /// <summary>The trace that the run belongs to; null means none.</summary>
    public TraceContext? Trace { get; init; }

    /// <summary>
    /// The idempotency key, the same for every attempt of this execution in this generation: run, generation and path. That of a
    /// compensation also has the compensation's number: an execution that ran in two generations is compensated twice.
    /// </summary>
    public string IdempotencyKey => Attempt.Execution.Scope == RunState.CompensationScope
        ? $"{Attempt.RunId:n}/{Attempt.Generation}/{Path}~{Attempt.Execution.Task}"
        : $"{Attempt.RunId:n}/{Attempt.Generation}/{Path}";
}

/// <summary>A child to start or to end, with everything that the runtime needs for that.</summary>
/// <param name="Attempt">The execution that waits for it, and the number of its start.</param>
/// <param name="ChildId">Its id.</param>
/// <param name="Name">The name of its definition.</param>
/// <param name="Version">The version asked for; null means the newest.</param>
/// <param name="Definition">The definition that it runs; null means that it has not been resolved yet.</param>
/// <param name="Input">Its input.</param>
/// <param name="Link">Its link to the parent.</param>
/// <param name="Companions">The further definitions of the parent's document.</param>
internal sealed record ChildOrder(
    AttemptId Attempt,
    string ChildId,
    string Name,
    int? Version,
    DefinitionReference? Definition,
    Payload Input,
    ParentLink Link,
    ImmutableArray<DefinitionReference> Companions)
{
    /// <summary>How the child is to end; null means that it is to run.</summary>
    public ParentClose? Close { get; init; }

    /// <summary>The directory of the parent, which is also the child's; null means that none was given.</summary>
    public string? Directory { get; init; }

    /// <summary>The trace of the parent, which is also the child's; null means none.</summary>
    public TraceContext? Trace { get; init; }

    /// <summary>Whether it continues when no run waits for it: then it is started nevertheless.</summary>
    public bool Outlives { get; init; }

    /// <summary>The command that starts it, once its definition is resolved.</summary>
    /// <param name="commandId">The id of the command; a repeat carries the same id.</param>
    /// <param name="runId">The id of this start of the child.</param>
    public WorkflowCommand.Start ToStart(Guid commandId, Guid runId) => new(ChildId, commandId, runId, Definition!, Input)
    {
        Parent = Link,
        Companions = Companions,
        Directory = Directory,
        Trace = Trace,
    };

    /// <summary>
    /// The command that ends it. It is sent only after an answered start: a child whose start was lost begins and then ends, and a run
    /// of another caller under the same id is not touched.
    /// </summary>
    /// <param name="commandId">The id of the command; a repeat carries the same id.</param>
    public WorkflowCommand ToClose(Guid commandId)
    {
        var reason = $"The parent '{Link.WorkflowId}' no longer waits for it.";
        return Close == ParentClose.Terminate
            ? new WorkflowCommand.Terminate(ChildId, commandId, reason)
            : new WorkflowCommand.Cancel(ChildId, commandId, reason);
    }

    /// <summary>The error type that a parent's task fails with when the start of its child was refused; null means that the start is tried again.</summary>
    /// <param name="code">The code of the refusal: see <see cref="Decision.Refused"/>.</param>
    public static string? ErrorOfRefusedStart(string code) => code switch
    {
        "id-conflict" or "purged" => ErrorTypes.IdInUse,
        "invalid-input" => ErrorTypes.InvalidInput,
        "payload-too-large" => ErrorTypes.PayloadTooLarge,
        "payload-too-deep" => ErrorTypes.PayloadTooDeep,
        "payload-not-text" => ErrorTypes.PayloadNotText,
        "definition-not-found" => ErrorTypes.WorkflowNotFound,
        "internal" => ErrorTypes.InternalError,
        _ => null,
    };
}
