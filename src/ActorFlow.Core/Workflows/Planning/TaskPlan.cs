using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Workflows.Planning;

/// <summary>The plan of a task: needs as positions, expressions parsed, defaults filled in.</summary>
internal sealed class TaskPlan
{
    /// <summary>The task's position in its scope, in file order.</summary>
    public required int Index { get; init; }

    /// <summary>The task's position in the whole document, groups included.</summary>
    public required int Order { get; init; }

    /// <summary>The task as written.</summary>
    public required TaskDefinition Definition { get; init; }

    /// <summary>How many needs it has.</summary>
    public required int Needs { get; init; }

    /// <summary>What it does.</summary>
    public required TaskExecutionPlan Execution { get; init; }

    /// <summary>Its condition; null means that it has none.</summary>
    public Template? If { get; init; }

    /// <summary>The elements of its fan-out; null means that it has none.</summary>
    public Template? ForEach { get; init; }

    /// <summary>The condition of its loop; null means that it has no loop.</summary>
    public Template? RepeatCondition { get; init; }

    /// <summary>The compensation of a completed execution; null means that it has none.</summary>
    public TaskExecutionPlan.Uses? Compensate { get; init; }

    /// <summary>The tasks that wait for it; filled in while the scope is planned.</summary>
    public ImmutableArray<Dependant> Dependants { get; internal set; } = [];

    /// <summary>The id.</summary>
    public string Id => Definition.Id;

    /// <summary>Whether a failure for good fails the enclosing scope.</summary>
    public bool FailsScope => Definition.OnError == ErrorPolicy.Fail;

    /// <summary>Whether it may start attempts, and so counts towards <c>max-parallel</c> of the run.</summary>
    public bool IsUses => Execution is TaskExecutionPlan.Uses;

    /// <summary>The priority, 0 to 9; 5 for kinds that no worker runs.</summary>
    public int Priority => Execution is TaskExecutionPlan.Uses uses ? uses.Priority : 5;
}

/// <summary>A task that waits for another.</summary>
/// <param name="Task">Its position in the scope.</param>
/// <param name="Case">The case that it waits for; null means the whole task.</param>
internal readonly record struct Dependant(int Task, string? Case);
