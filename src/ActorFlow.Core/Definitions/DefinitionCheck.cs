using System.Collections.Immutable;
using ActorFlow.Core.Definitions.Checking;

namespace ActorFlow.Core.Definitions;

/// <summary>The checks of the language, the same for a definition from a file and one made in code.</summary>
internal static class DefinitionCheck
{
    /// <summary>All errors, then all warnings. The definition can be run if there is no error. The location of each is its path.</summary>
    public static ImmutableArray<DefinitionProblem> Run(WorkflowDefinition definition) =>
        [.. WorkflowCheck.Run(definition).OrderBy(finding => finding.IsWarning).Select(finding => finding.ToProblem())];
}
