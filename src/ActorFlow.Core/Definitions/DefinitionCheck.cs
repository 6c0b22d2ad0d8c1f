using System.Collections.Immutable;
using ActorFlow.Core.Definitions.Checking;

namespace ActorFlow.Core.Definitions;

/// <summary>The checks of the language, the same for a definition from a file and one made in code.</summary>
public static class DefinitionCheck
{
    /// <summary>Everything that is wrong or doubtful, warnings last; empty: the definition can be run. The location of each is its path.</summary>
    public static ImmutableArray<DefinitionProblem> Run(WorkflowDefinition definition) =>
        [.. WorkflowCheck.Run(definition).OrderBy(finding => finding.IsWarning).Select(finding => finding.ToProblem())];
}
