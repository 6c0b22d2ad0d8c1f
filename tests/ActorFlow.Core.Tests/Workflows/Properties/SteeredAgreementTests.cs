using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>Named checkpoints, rewinds, retries and forks at any moment: the reference says what follows, and when.</summary>
public sealed class SteeredAgreementTests
{
    [Fact]
    public void Every_run_that_is_taken_back_retried_or_forked_goes_as_the_language_says() =>
        CaseRuns.ForAll(Taste.Steered, 800, @case => CaseRuns.AgreesWithReference(@case, Mischief.None));

    [Fact]
    public void It_does_so_whatever_goes_wrong_on_the_way() =>
        CaseRuns.ForAll(Taste.Steered, 300, @case => CaseRuns.AgreesWithReference(@case, Mischief.All(@case.World.Seed)));

    [Fact]
    public void A_named_checkpoint_survives_a_crash_before_or_after_any_write() => CaseRuns.ForAll(
        Taste.Steered,
        300,
        @case => CaseRuns.AgreesWithReference(@case, new(@case.World.Seed) { Crashes = 40, LostWrites = 20, Checkpoints = 50, ComparesReplay = true }));
}
