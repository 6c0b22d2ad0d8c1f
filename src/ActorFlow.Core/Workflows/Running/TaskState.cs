using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>The state of one task in one scope instance.</summary>
internal sealed record TaskState
{
    public TaskPhase Phase { get; init; }

    /// <summary>The number of needs that have not settled.</summary>
    public int Waiting { get; init; }

    /// <summary>The number of needs that arrived, as its <c>join</c> counts them.</summary>
    public int Arrived { get; init; }

    /// <summary>Whether the decision to run or skip it was made or is queued.</summary>
    public bool Decided { get; init; }

    /// <summary>How often its executions were started in all (rule 22).</summary>
    public int Starts { get; init; }

    public Payload? Output { get; init; }

    public TaskError? Error { get; init; }

    /// <summary>The execution of a task that does not fan out; null once it has settled.</summary>
    public TaskExecutionState? Execution { get; init; }

    /// <summary>The fan-out of a task that has one; null once it has settled.</summary>
    public FanOut? Fan { get; init; }

    public bool IsSettled => Phase >= TaskPhase.Completed;

    public static TaskState Pending(int needs) => new() { Waiting = needs, Decided = needs == 0 };
}

/// <summary>The elements of a task with <c>for-each</c>.</summary>
internal sealed record FanOut
{
    public required ImmutableArray<Payload> Items { get; init; }

    public required TransientVector<TaskExecutionState> Elements { get; init; }

    /// <summary>The index of the first element that has not begun.</summary>
    public int Next { get; init; }

    /// <summary>The number of elements that have begun and not settled.</summary>
    public int Active { get; init; }

    public int Unsettled { get; init; }

    public int Failed { get; init; }

    /// <summary>Whether a place in a ready list stands for the next element.</summary>
    public bool Listed { get; init; }

    /// <summary>The size in bytes of its items and of its elements' outputs.</summary>
    public long Bytes { get; init; }
}
