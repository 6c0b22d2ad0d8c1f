using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;

namespace ActorFlow.Core.Tests.Workflows.Properties;

public sealed class InterruptionTests
{
    [Fact]
    public void A_run_that_is_cancelled_or_terminated_ends_as_the_language_says() =>
        CaseRuns.ForAll(Taste.Interrupted, 300, @case => CaseRuns.AgreesWithReference(@case, Mischief.None));

    [Fact]
    public void It_does_so_whatever_goes_wrong_on_the_way() =>
        CaseRuns.ForAll(Taste.Interrupted, 200, @case => CaseRuns.AgreesWithReference(@case, Mischief.All(@case.World.Seed)));
}
