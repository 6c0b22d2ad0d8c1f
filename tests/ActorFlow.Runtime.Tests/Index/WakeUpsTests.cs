using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Index;

public sealed class WakeUpsTests : IndexPollingTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private volatile bool _isLeaving;

    [Fact]
    public async Task Of_2_000_runs_due_in_one_second_all_are_woken_within_three_in_small_portions_and_each_once()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 2_000).Select(n => Rows.Row($"r{n}").WakingAt(Rows.Noon.AddMilliseconds(n % 1_000)))]);
        await Index.UpsertAsync([Rows.Row("later").WakingAt(Rows.Noon.AddMinutes(1))]);
        var wakeUps = await StartAsync();
        Time.Advance(Second);
        await PortionAsync(wakeUps, 0);

        while (Sent.Count < 2_000)
        {
            var before = Sent.Count;
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await PortionAsync(wakeUps, before);
            Assert.InRange(Sent.Count - before, 1, 200);
        }

        Assert.InRange(Time.GetUtcNow() - Rows.Noon, Second, 3 * Second);
        Assert.Equal(2_000, Ids().Distinct().Count());
        // The claims hold: only once they are over the runs, which have not said anything since, are woken again.
        await AdvanceUntil(Second, () => Sent.Count > 2_000);
        Assert.InRange(Time.GetUtcNow() - Rows.Noon, 31 * Second, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Two_nodes_that_look_wake_each_run_once()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 300).Select(n => Rows.Row($"r{n}").WakingAt(Rows.Noon))]);
        await StartAsync();
        await StartAsync();
        Time.Advance(Second);
        await Until(() => Sent.Count >= 200);
        await AdvanceUntil(TimeSpan.FromMilliseconds(50), () => Sent.Count >= 300);

        await Index.UpsertAsync([Rows.Row("last").WakingAt(Rows.Noon)]);
        await AdvanceUntil(TimeSpan.FromMilliseconds(50), () => Ids().Contains("last"));

        Assert.Equal(301, Sent.Count);
        Assert.Equal(301, Ids().Distinct().Count());
    }

    [Fact]
    public async Task A_run_is_brought_back_up_to_two_looks_before_its_time()
    {
        await Index.UpsertAsync([Rows.Row("soon").WakingAt(Rows.Noon + (3 * Second)), Rows.Row("later").WakingAt(Rows.Noon.AddSeconds(3.1))]);
        await StartAsync();

        Time.Advance(Second);
        await Until(() => !Sent.IsEmpty);

        Assert.Equal(["soon"], Ids());
    }

    [Fact]
    public async Task A_run_whose_time_has_not_come_is_not_woken()
    {
        await Index.UpsertAsync([Rows.Row("soon").WakingAt(Rows.Noon.AddSeconds(5)), Rows.Row("now").WakingAt(Rows.Noon)]);
        await StartAsync();

        await AdvanceUntil(Second, () => Ids().Contains("soon"));

        Assert.Equal(["now", "soon"], Ids());
        Assert.InRange(Time.GetUtcNow(), Rows.Noon.AddSeconds(3), DateTimeOffset.MaxValue);
        Assert.All(Sent, message => Assert.IsType<WorkflowCommand.Tick>(message));
    }

    [Fact]
    public async Task While_the_store_cannot_claim_nothing_is_woken_and_afterwards_everything()
    {
        await Index.UpsertAsync([Rows.Row("a").WakingAt(Rows.Noon)]);
        Disk.IsBroken = true;
        await StartAsync();
        Time.Advance(Second);
        await Assert.ThrowsAnyAsync<Exception>(() => Index.UpsertAsync([Rows.Row("b")]));
        Assert.Empty(Sent);

        Disk.IsBroken = false;
        await AdvanceUntil(Second, () => !Sent.IsEmpty);

        Assert.Equal("a", Ids()[0]);
    }

    [Fact]
    public async Task A_node_after_runs_of_its_own_wakes_no_others_and_those_only_while_they_are_open()
    {
        var own = new OwnRuns();
        var (mine, closed) = (Rows.Row("mine").WakingAt(Rows.Noon), Rows.Row("closed").WakingAt(Rows.Noon));
        await Index.UpsertAsync([mine, closed, Rows.Row("other").WakingAt(Rows.Noon)]);
        own.Note(mine);
        own.Note(closed);
        own.Note(closed.ClosedAt(Rows.Noon));
        await StartAsync(own);

        await AdvanceUntil(Second, () => Sent.Count == 2);

        // Twice the same: the claim is over, and it has not said anything since.
        Assert.Equal(["mine", "mine"], Ids());
    }

    [Fact]
    public async Task A_node_that_leaves_wakes_nobody()
    {
        await Index.UpsertAsync([Rows.Row("a").WakingAt(Rows.Noon)]);
        _isLeaving = true;
        var wakeUps = await StartAsync();
        for (var second = 0; second < 5; second++)
        {
            Time.Advance(Second);
            await wakeUps.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(30));
        }

        // Nobody has claimed it, which it would have to be before it is woken.
        Assert.Single(await Index.ClaimDueAsync(Rows.Noon, 1, TimeSpan.Zero));
        Assert.Empty(Sent);
    }

    /// <summary>Starts wake-ups, and waits until they look at the clock.</summary>
    private async Task<IActorRef> StartAsync(OwnRuns? own = null)
    {
        var wakeUps = Sys.ActorOf(Props.Create(
            () => new WakeUps(Index, Region, Time, new IndexOptions(), new WakeUpScope(() => _isLeaving, own))));
        await wakeUps.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(30));
        return wakeUps;
    }

    /// <summary>Waits for a portion, all of it: it is sent run by run, and the region takes it while it is being sent.</summary>
    private async Task PortionAsync(IActorRef wakeUps, int before)
    {
        await Until(() => Sent.Count > before);
        await wakeUps.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(30));
        await Region.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(30));
    }

    private string[] Ids() => [.. Sent.Select(message => message.WorkflowId)];
}
