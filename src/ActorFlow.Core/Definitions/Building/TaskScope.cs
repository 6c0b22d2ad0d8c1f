using System.Collections.Immutable;
using System.Text.Json;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>The tasks of a workflow or of a group, in the order in which they are added.</summary>
public partial class TaskScope
{
    private readonly List<TaskBuilder> _tasks = [];

    internal TaskScope()
    {
    }

    /// <summary>Adds a task; set its kind next.</summary>
    /// <typeparam name="TOutput">Its output.</typeparam>
    /// <param name="id">Its id: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, unique in this scope.</param>
    public TaskBuilder<TOutput> Task<TOutput>(string id) => Add(new TaskBuilder<TOutput>(id));

    /// <summary>Adds a task whose output has no type of its own; set its kind next.</summary>
    /// <inheritdoc cref="Task{TOutput}(string)"/>
    public TaskBuilder<JsonElement> Task(string id) => Task<JsonElement>(id);

    /// <summary>Adds a switch; add its cases next.</summary>
    /// <inheritdoc cref="Task{TOutput}(string)"/>
    public SwitchBuilder Switch(string id) => Add(new SwitchBuilder(id));

    /// <summary>Adds a group; add its tasks next.</summary>
    /// <inheritdoc cref="Task{TOutput}(string)"/>
    public GroupBuilder<TOutput> Group<TOutput>(string id) => Add(new GroupBuilder<TOutput>(id));

    internal ImmutableArray<TaskDefinition> Build() => [.. _tasks.Select(task => task.Build())];

    private TBuilder Add<TBuilder>(TBuilder task)
        where TBuilder : TaskBuilder
    {
        _tasks.Add(task);
        return task;
    }
}
