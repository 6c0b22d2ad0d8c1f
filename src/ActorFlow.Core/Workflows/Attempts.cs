using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// One execution of a task: which element of its fan-out, which iteration of its loop. Scopes are numbered in the order
/// they open, which a replay repeats; the run itself is scope 0, compensation scope −1.
/// </summary>
/// <param name="Scope">The scope instance that holds the task.</param>
/// <param name="Task">The task's position in that scope, in file order; in compensation the entry's number.</param>
/// <param name="Element">The element of the fan-out; 0 without one.</param>
/// <param name="Iteration">The iteration of the loop; 0 without one.</param>
public readonly record struct TaskExecutionId(int Scope, int Task, int Element, int Iteration) : IComparable<TaskExecutionId>
{
    /// <summary>By scope, then task, element and iteration.</summary>
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
/// The name of one attempt, the same after a recovery. A report for any other attempt than the current one changes nothing.
/// </summary>
/// <param name="RunId">The run, unique even where a workflow id is used again.</param>
/// <param name="Generation">Raised when a run is taken back, so that attempts of before are void.</param>
/// <param name="Execution">Which execution.</param>
/// <param name="Number">From 1; a lost attempt keeps its number.</param>
public sealed record AttemptId(Guid RunId, int Generation, TaskExecutionId Execution, int Number);

/// <summary>One hand-out of an attempt to a worker. Ordered: a later hand-out is greater.</summary>
/// <param name="Epoch">The incarnation of the task queue that handed it out.</param>
/// <param name="Number">Counts within that incarnation.</param>
public readonly record struct LeaseId(long Epoch, long Number) : IComparable<LeaseId>
{
    /// <summary>Before every lease.</summary>
    public static readonly LeaseId None;

    /// <inheritdoc/>
    public int CompareTo(LeaseId other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Number.CompareTo(other.Number);

    /// <summary>Whether <paramref name="left"/> was handed out after <paramref name="right"/>.</summary>
    public static bool operator >(LeaseId left, LeaseId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> was handed out before <paramref name="right"/>.</summary>
    public static bool operator <(LeaseId left, LeaseId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is <paramref name="right"/> or later.</summary>
    public static bool operator >=(LeaseId left, LeaseId right) => left.CompareTo(right) >= 0;

    /// <summary>Whether <paramref name="left"/> is <paramref name="right"/> or earlier.</summary>
    public static bool operator <=(LeaseId left, LeaseId right) => left.CompareTo(right) <= 0;
}

/// <summary>One attempt that ought to be under way: everything that a worker has to know.</summary>
/// <param name="Attempt">Its name.</param>
/// <param name="Path">The task's path for people: <c>each[2]/x#3</c>.</param>
/// <param name="Handler">The handler to run.</param>
/// <param name="Queue">The task queue to offer it to.</param>
/// <param name="Priority">0 lowest to 9 highest.</param>
/// <param name="Input">The evaluated <c>with</c>, secrets left out; <c>null</c> where it is withheld.</param>
/// <param name="Secrets">Where the worker puts which secret.</param>
/// <param name="Timeout">How long the attempt may run, from the worker's start.</param>
/// <param name="Heartbeat">How long the handler may be silent; none: for ever.</param>
/// <param name="ReadyAt">Since when it could have run; its age in the queue, kept over repeated offers.</param>
/// <param name="PreviousProgress">The last progress of the attempt before.</param>
public sealed record TaskOrder(
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
    /// <summary>How many bytes the input has that stays with the run until the attempt starts; 0: it is here.</summary>
    public int WithheldBytes { get; init; }

    /// <summary>The run's directory, for relative paths; null means that none was said.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// The same for every attempt at this execution in this generation: run, generation and path without the attempt. A compensation's
    /// says also which one of the run's it is: an execution that ran in two generations is undone twice.
    /// </summary>
    public string IdempotencyKey => Attempt.Execution.Scope == RunState.CompensationScope
        ? $"{Attempt.RunId:n}/{Attempt.Generation}/{Path}~{Attempt.Execution.Task}"
        : $"{Attempt.RunId:n}/{Attempt.Generation}/{Path}";
}

/// <summary>A child that ought to be under way: everything that the runtime has to know to start it, and to end it.</summary>
/// <param name="Attempt">The execution that waits for it, and which start of that execution.</param>
/// <param name="ChildId">Its id.</param>
/// <param name="Name">The name of its definition.</param>
/// <param name="Version">The version asked for; none: the newest.</param>
/// <param name="Definition">What it runs; none: that has yet to be found.</param>
/// <param name="Input">Its input.</param>
/// <param name="Link">What it is told of its parent.</param>
/// <param name="Companions">The further definitions of the parent's document.</param>
public sealed record ChildOrder(
    AttemptId Attempt,
    string ChildId,
    string Name,
    int? Version,
    DefinitionReference? Definition,
    Payload Input,
    ParentLink Link,
    ImmutableArray<DefinitionReference> Companions)
{
    /// <summary>How it is to be ended; none: it is to run.</summary>
    public ParentClose? Close { get; init; }

    /// <summary>The parent's directory, and so the child's; null means that none was said.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether it goes on when nobody waits for it any more: then it is to begin all the same.</summary>
    public bool Outlives { get; init; }

    /// <summary>The command that starts it, once its definition is known.</summary>
    /// <param name="commandId">Names the command; a repeat carries the same.</param>
    /// <param name="runId">Names the child for good.</param>
    public WorkflowCommand.Start ToStart(Guid commandId, Guid runId) => new(ChildId, commandId, runId, Definition!, Input)
    {
        Parent = Link,
        Companions = Companions,
        Directory = Directory,
    };

    /// <summary>
    /// The command that ends it. It is sent behind an answered start only: a child whose start was lost begins as one that ends, and a run
    /// of somebody else's that has the id is left alone.
    /// </summary>
    /// <param name="commandId">Names the command; a repeat carries the same.</param>
    public WorkflowCommand ToClose(Guid commandId)
    {
        var reason = $"The parent '{Link.WorkflowId}' no longer waits for it.";
        return Close == ParentClose.Terminate
            ? new WorkflowCommand.Terminate(ChildId, commandId, reason)
            : new WorkflowCommand.Cancel(ChildId, commandId, reason);
    }

    /// <summary>The error type that a parent's task fails with when its child refused to start; null means that the start is tried again.</summary>
    /// <param name="code">The code of the refusal: see <see cref="Decision.Refused"/>.</param>
    public static string? ErrorOfRefusedStart(string code) => code switch
    {
        "id-conflict" => ErrorTypes.IdInUse,
        "invalid-input" => ErrorTypes.InvalidInput,
        "payload-too-large" => ErrorTypes.PayloadTooLarge,
        "payload-too-deep" => ErrorTypes.PayloadTooDeep,
        "payload-not-text" => ErrorTypes.PayloadNotText,
        "definition-not-found" => ErrorTypes.WorkflowNotFound,
        "internal" => ErrorTypes.InternalError,
        _ => null,
    };
}
