using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>A task that is a graph of its own.</summary>
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

    /// <summary>Says what the output is; without it, an object of the outputs of the tasks that nothing inside needs.</summary>
    /// <param name="output">A value with <see cref="Computed"/> values anywhere inside.</param>
    public GroupBuilder<TOutput> Returns(object? output)
    {
        _output = BuiltPayload.Of(output);
        return this;
    }

    internal override TaskDefinition Build() => Definition with { Kind = new TaskKind.Group(Tasks.Build(), _output) };
}
