using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;

namespace ActorFlow.Core.Tests.Workflows.Properties;

public sealed class ReferenceAgreementTests
{
    [Fact]
    public void Random_definitions_pass_all_checks() =>
        CaseRuns.ForAll(Taste.Anything, 300, @case => Assert.Empty(DefinitionCheck.Run(@case.Definition).Where(problem => !problem.IsWarning)));

    [Fact]
    public void Every_run_goes_as_the_language_says() =>
        CaseRuns.ForAll(Taste.Anything, 1000, @case => CaseRuns.AgreesWithReference(@case, Mischief.None));
}
