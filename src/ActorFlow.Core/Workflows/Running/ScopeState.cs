using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>One live instance of a graph: the run's own, or a group's.</summary>
internal sealed record ScopeState
{
    public required int Id { get; init; }

    public required ScopePlan Plan { get; init; }

    /// <summary>The group's execution that it belongs to; for the run's own scope, meaningless.</summary>
    public TaskExecutionId Owner { get; init; }

    /// <summary>What paths of executions in it begin with: empty, or ending in a slash.</summary>
    public string Path { get; init; } = string.Empty;

    public required TransientVector<TaskState> Tasks { get; init; }

    public required int Unsettled { get; init; }

    /// <summary>Why nothing new starts in it; none while it runs.</summary>
    public ScopeStop? Stop { get; init; }

    public DateTimeOffset? TimeoutAt { get; init; }

    public bool IsRoot => Id == 0;
}

/// <summary>Why a scope stops: it failed, or (no error) it was cancelled from outside.</summary>
internal sealed record ScopeStop(TaskError? Error, string Reason);
