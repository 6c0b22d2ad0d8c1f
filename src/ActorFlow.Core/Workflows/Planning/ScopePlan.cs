using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows.Planning;

/// <summary>The plan of one graph of tasks: the run's own, or a group's.</summary>
internal sealed class ScopePlan
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

    /// <summary>The result as written; null means that rule 25 applies.</summary>
    public Template? Output { get; }

    /// <summary>The tasks that nothing in the scope needs, in file order.</summary>
    public ImmutableArray<int> Sinks { get; }

    /// <summary>The position of each task by its id.</summary>
    internal FrozenDictionary<string, int> Positions { get; }

    /// <summary>The initial states, all pending; every instance of the scope shares them.</summary>
    internal TransientVector<TaskState> Initial { get; }
}
