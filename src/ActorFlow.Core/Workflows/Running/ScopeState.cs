using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>One live scope: the run's own, or that of a group's instance.</summary>
internal sealed record ScopeState
{
    public required int Id { get; init; }

    public required ScopePlan Plan { get; init; }

    /// <summary>The group's execution that it belongs to; it has no meaning for the run's own scope.</summary>
    public TaskExecutionId Owner { get; init; }

    /// <summary>The beginning of the paths of its executions: empty, or ending in a slash.</summary>
    public string Path { get; init; } = string.Empty;

    public required TransientVector<TaskState> Tasks { get; init; }

    public required int Unsettled { get; init; }

    /// <summary>Why it stops; null while it does not stop.</summary>
    public ScopeStop? Stop { get; init; }

    /// <summary>When its timeout passes or, while it is held, when its tasks begin; null means neither.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether no task of it may begin yet: the start of the run is delayed. Its timeout counts from when they begin.</summary>
    public bool IsHeld { get; init; }

    /// <summary>When its timeout passes; null means that it has none, or that it is held.</summary>
    public DateTimeOffset? TimeoutAt => IsHeld ? null : DueAt;

    /// <summary>When its tasks begin; null means that it is not held.</summary>
    public DateTimeOffset? BeginsAt => IsHeld ? DueAt : null;

    /// <summary>What falls due of it; null means nothing.</summary>
    public Due? Due => DueAt is { } at ? new(at, IsHeld ? DueKind.Begin : DueKind.ScopeTimeout, Id, 0, 0) : null;

    public bool IsRoot => Id == 0;
}

/// <summary>Why a scope stops: it failed, or, with a null error, it was cancelled from outside.</summary>
internal sealed record ScopeStop(TaskError? Error, string Reason);
