using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>Runs whose scopes fail while loops, retries, groups and children are under way, retried until they complete.</summary>
public sealed class RetriedAgreementTests
{
    private int _completed;

    [Fact]
    public void Every_failed_run_that_is_retried_to_its_end_goes_as_the_language_says() =>
        CaseRuns.ForAll(Taste.Retried, 300, @case => CaseRuns.AgreesWithReference(@case, Mischief.None));

    [Fact]
    public void It_does_so_whatever_goes_wrong_on_the_way() =>
        CaseRuns.ForAll(Taste.Retried, 150, @case => CaseRuns.AgreesWithReference(@case, Mischief.All(@case.World.Seed)));

    [Fact]
    public void Retried_to_its_end_a_run_comes_to_what_it_comes_to_where_nothing_fails()
    {
        CaseRuns.ForAll(Taste.RetriedUntilNothingFailed, 300, @case =>
        {
            var retried = Driver.Tell(@case, new(@case.World.Seed) { ComparesReplay = true });
            var smooth = Driver.Tell(@case with { World = @case.World with { FailureRate = 0 }, Acts = [] }, Mischief.None);
            if ((retried.Outcome, smooth.Outcome) == ("completed", "completed") && retried.Outside.Exists(line => line.What == "retry, while failed: done"))
            {
                Interlocked.Increment(ref _completed);
                CaseRuns.Same(World.WithoutTime(smooth.Output.ToString()), World.WithoutTime(retried.Output.ToString()));
            }
        });
        Assert.True(_completed > 15, $"only {_completed} runs failed and then completed");
    }
}
