using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows.Planning;

/// <summary>One graph of tasks: the run's own, or a group's.</summary>
public sealed class ScopePlan
{
    internal ScopePlan(ImmutableArray<TaskPlan> tasks, Template? output)
    {
        Tasks = tasks;
        Output = output;
        Positions = tasks.ToFrozenDictionary(task => task.Id, task => task.Index, StringComparer.Ordinal);
        Sinks = [.. tasks.Where(task => task.Dependants.IsEmpty).Select(task => task.Index)];
        Initial = TransientVector<TaskState>.Of(tasks.Select(task => TaskState.Pending(task.Needs)));
    }

    /// <summary>The tasks, in file order.</summary>
    public ImmutableArray<TaskPlan> Tasks { get; }

    /// <summary>The result as written; none: see rule 25.</summary>
    public Template? Output { get; }

    /// <summary>The tasks that nothing in the scope needs, in file order.</summary>
    public ImmutableArray<int> Sinks { get; }

    /// <summary>Where a task of a given id stands.</summary>
    internal FrozenDictionary<string, int> Positions { get; }

    /// <summary>All tasks pending: shared by every instance of the scope.</summary>
    internal TransientVector<TaskState> Initial { get; }
}
