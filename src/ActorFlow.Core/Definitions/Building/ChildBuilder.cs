namespace ActorFlow.Core.Definitions.Building;

/// <summary>A task that runs a child workflow under an id of its own; its output is the child's.</summary>
/// <typeparam name="TInput">The input of the child.</typeparam>
/// <typeparam name="TOutput">The output of the child.</typeparam>
public sealed class ChildBuilder<TInput, TOutput> : TaskBuilder<TOutput>
{
    internal ChildBuilder(string id, TaskKind.Child kind)
        : base(id) => Definition = Definition with { Kind = kind };

    private TaskKind.Child Kind => (TaskKind.Child)Definition.Kind;

    /// <summary>Sets the input of the child: a value that the run computes.</summary>
    public ChildBuilder<TInput, TOutput> Input(Computed<TInput> input) => With(input);

    /// <summary>Sets the input of the child: a value that is known already.</summary>
    public ChildBuilder<TInput, TOutput> Input(TInput input) => With(input);

    /// <summary>Sets the input of the child, in parts.</summary>
    /// <param name="with">An object of the form of the input, with <see cref="Computed"/> values anywhere inside.</param>
    public ChildBuilder<TInput, TOutput> With(object? with) => Do(Kind with { With = BuiltPayload.Of(with) });

    /// <summary>Sets what happens to the child when this run ends before it. The default is <see cref="ParentClose.Cancel"/>.</summary>
    public ChildBuilder<TInput, TOutput> OnParentClose(ParentClose what) => Do(Kind with { ParentClose = what });

    private ChildBuilder<TInput, TOutput> Do(TaskKind.Child kind)
    {
        Definition = Definition with { Kind = kind };
        return this;
    }
}
