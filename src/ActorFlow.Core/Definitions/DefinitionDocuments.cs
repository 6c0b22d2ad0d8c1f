using System.Collections.Immutable;

namespace ActorFlow.Core.Definitions;

/// <summary>What a file came to: its definitions, or everything that is wrong with them.</summary>
/// <param name="Definitions">The definitions in file order; empty when there are errors.</param>
/// <param name="Errors">Everything that is wrong, in file order.</param>
/// <param name="Warnings">What is doubtful, in file order.</param>
public sealed record DefinitionDocuments(
    ImmutableArray<WorkflowDefinition> Definitions,
    ImmutableArray<DefinitionProblem> Errors,
    ImmutableArray<DefinitionProblem> Warnings)
{
    /// <summary>Whether there are definitions.</summary>
    public bool IsValid => Errors.IsEmpty;

    /// <summary>The first definition: the one that runs. The others are registered beside it.</summary>
    /// <exception cref="DefinitionException">The file has errors.</exception>
    public WorkflowDefinition Main => IsValid ? Definitions[0] : throw new DefinitionException(Errors);
}
