namespace ActorFlow.Core.Definitions.Building;

/// <summary>A task that runs a child workflow under an id of its own; its output is the child's.</summary>
/// <typeparam name="TInput">The input of the child.</typeparam>
/// <typeparam name="TOutput">The output of the child.</typeparam>
public sealed class ChildBuilder<TInput, TOutput> : TaskBuilder<TOutput>
{
    internal ChildBuilder(string id, TaskKind.Child kind)
        : base(id) => Definition = Definition with { Kind = kind };

    private TaskKind.Child Kind => (TaskKind.Child)Definition.Kind;

    /// <summary>What it is given: a value that the run computes.</summary>
    public ChildBuilder<TInput, TOutput> Input(Computed<TInput> input) => With(input);

    /// <summary>What it is given: a value that is known already.</summary>
    public ChildBuilder<TInput, TOutput> Input(TInput input) => With(input);

    /// <summary>What it is given, in parts.</summary>
    /// <param name="with">An object of the form of the input, with <see cref="Computed"/> values anywhere inside.</param>
    public ChildBuilder<TInput, TOutput> With(object? with) => Do(Kind with { With = BuiltPayload.Of(with) });

    /// <summary>What becomes of the child when this run ends before it; without it, it is cancelled.</summary>
    public ChildBuilder<TInput, TOutput> OnParentClose(ParentClose what) => Do(Kind with { ParentClose = what });

    private ChildBuilder<TInput, TOutput> Do(TaskKind.Child kind)
    {
        Definition = Definition with { Kind = kind };
        return this;
    }
}
