
namespace ActorFlow.Core.Definitions.Building;

/// <summary>A task that holds a nested graph.</summary>
/// <typeparam name="TOutput">Its output.</typeparam>
public sealed class GroupBuilder<TOutput> : TaskBuilder<TOutput>
{
    private Payload? _output;

    internal GroupBuilder(string id)
        : base(id)
    {
    }

    /// <summary>The tasks inside.</summary>
    public TaskScope Tasks { get; } = new();

    /// <summary>Sets the output. The default is an object of the outputs of the tasks that nothing inside needs.</summary>
    /// <param name="output">A value with <see cref="Computed"/> values anywhere inside.</param>
    public GroupBuilder<TOutput> Returns(object? output)
    {
        _output = BuiltPayload.Of(output);
        return this;
    }

    internal override TaskDefinition Build() => Definition with { Kind = new TaskKind.Group(Tasks.Build(), _output) };
}
