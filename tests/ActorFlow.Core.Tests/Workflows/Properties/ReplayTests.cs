using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;

namespace ActorFlow.Core.Tests.Workflows.Properties;

public sealed class ReplayTests
{
    [Fact]
    public void The_replay_of_every_prefix_of_a_journal_gives_the_live_state() =>
        CaseRuns.ForAll(Taste.Anything, 200, @case => CaseRuns.AgreesWithReference(@case, Mischief.None with { ComparesReplay = true }));

    [Fact]
    public void A_crash_before_or_after_any_write_changes_nothing() => CaseRuns.ForAll(
        Taste.Anything, 200, @case => CaseRuns.AgreesWithReference(@case, new(@case.World.Seed) { Crashes = 40, LostWrites = 20, Duplicates = 20 }));

    [Fact]
    public void Recovery_from_a_checkpoint_and_what_came_after_it_changes_nothing() => CaseRuns.ForAll(
        Taste.Anything, 400, @case => CaseRuns.AgreesWithReference(@case, new(@case.World.Seed) { Crashes = 40, LostWrites = 20, Checkpoints = 50 }));

    [Fact]
    public void Crashes_that_make_handlers_run_again_give_the_same_result_where_time_does_not_matter() => CaseRuns.ForAll(Taste.TimeDoesNotMatter, 200, @case =>
    {
        var undisturbed = Driver.Tell(@case, Mischief.None);
        var disturbed = Driver.Tell(@case, new(@case.World.Seed) { Crashes = 30, LostWrites = 20, Duplicates = 20, RestartsHandlers = true });
        CaseRuns.Same(undisturbed.WithoutTime(), disturbed.WithoutTime());
    });

    [Fact]
    public void The_order_in_which_results_arrive_does_not_matter_where_time_does_not() => CaseRuns.ForAll(Taste.TimeDoesNotMatter, 200, @case =>
    {
        var other = @case with { World = @case.World with { Clock = @case.World.Clock + 1 } };
        CaseRuns.Same(Driver.Tell(@case, Mischief.None).WithoutTime(), Driver.Tell(other, Mischief.None).WithoutTime());
    });

    [Fact]
    public void A_clock_that_is_late_or_goes_back_does_not_matter_where_time_does_not() => CaseRuns.ForAll(Taste.TimeDoesNotMatter, 200, @case =>
    {
        var late = Driver.Tell(@case, new(@case.World.Seed) { LateTicks = 50 });
        CaseRuns.Same(Driver.Tell(@case, Mischief.None).WithoutTime(), late.WithoutTime());
    });
}
