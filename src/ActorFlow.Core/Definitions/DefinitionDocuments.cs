using System.Collections.Immutable;

namespace ActorFlow.Core.Definitions;

/// <summary>The result of reading a file: its definitions, or all errors.</summary>
/// <param name="Definitions">The definitions in file order; empty when there are errors.</param>
/// <param name="Errors">All errors, in file order.</param>
/// <param name="Warnings">All warnings, in file order.</param>
public sealed record DefinitionDocuments(
    ImmutableArray<WorkflowDefinition> Definitions,
    ImmutableArray<DefinitionProblem> Errors,
    ImmutableArray<DefinitionProblem> Warnings)
{
    /// <summary>Whether the file has no error.</summary>
    public bool IsValid => Errors.IsEmpty;

    /// <summary>The first definition, which is run. The others are registered with it.</summary>
    /// <exception cref="DefinitionException">The file has errors.</exception>
    public WorkflowDefinition Main => IsValid ? Definitions[0] : throw new DefinitionException(Errors);
}
