using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;

namespace ActorFlow.Core.Tests.Workflows.Properties;

public sealed class SteeringTests
{
    private const int Cases = 300;

    private int _pauses;
    private int _rewinds;
    private int _retries;

    [Fact]
    public void Pauses_at_random_moments_change_nothing_where_time_does_not_matter()
    {
        ChangesNothing(@case => new(@case.World.Seed) { Pauses = 30, ComparesReplay = true, Crashes = 10, Checkpoints = 20 });
        Assert.True(_pauses > Cases, $"only {_pauses} pauses");
    }

    [Fact]
    public void A_run_that_is_taken_back_at_random_moments_comes_to_the_same_end_where_time_does_not_matter()
    {
        ChangesNothing(@case => new(@case.World.Seed) { Rewinds = 20, ComparesReplay = true });
        Assert.True(_rewinds > Cases, $"only {_rewinds} rewinds");
    }

    [Fact]
    public void Pauses_rewinds_and_crashes_together_come_to_the_same_end_where_time_does_not_matter()
    {
        ChangesNothing(@case => new(@case.World.Seed) { Pauses = 15, Rewinds = 15, Crashes = 15, LostWrites = 10, Checkpoints = 20 });
        Assert.True(_pauses > Cases / 2 && _rewinds > Cases / 2, $"only {_pauses} pauses and {_rewinds} rewinds");
    }

    [Fact]
    public void A_failed_run_that_is_retried_runs_nothing_again_that_had_completed()
    {
        CaseRuns.ForAll(Taste.Anything, Cases, @case => Tell(@case, new(@case.World.Seed) { Retries = 4, ComparesReplay = true, Crashes = 10, Checkpoints = 20 }));
        Assert.True(_retries > Cases / 4, $"only {_retries} retries");
    }

    [Fact]
    public void Whatever_is_done_to_a_run_keeps_its_promises()
    {
        CaseRuns.ForAll(
            Taste.Anything, Cases, @case => Tell(@case, Mischief.All(@case.World.Seed) with { Pauses = 10, Rewinds = 10, Retries = 2, ComparesReplay = true }));
        Assert.True(Math.Min(_pauses, Math.Min(_rewinds, _retries)) > Cases / 10, $"only {_pauses} pauses, {_rewinds} rewinds and {_retries} retries");
    }

    private void ChangesNothing(Func<RunCase, Mischief> mischief) => CaseRuns.ForAll(Taste.TimeDoesNotMatter, Cases, @case =>
        CaseRuns.Same(Driver.Tell(@case, Mischief.None).WithoutTime(), Tell(@case, mischief(@case)).WithoutTime()));

    private RunStory Tell(RunCase @case, Mischief mischief)
    {
        var story = Driver.Tell(@case, mischief);
        Interlocked.Add(ref _pauses, story.Steered.Pauses);
        Interlocked.Add(ref _rewinds, story.Steered.Rewinds);
        Interlocked.Add(ref _retries, story.Steered.Retries);
        return story;
    }
}
