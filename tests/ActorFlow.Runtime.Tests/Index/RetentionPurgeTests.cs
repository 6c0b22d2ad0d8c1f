using ActorFlow.Runtime.Index;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Index;

public sealed class RetentionPurgeTests : IndexPollingTest
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Runs_closed_longer_than_the_retention_time_are_purged_in_chunks_and_each_once()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 250).Select(n => Rows.Row($"old-{n}").ClosedAt(Rows.Noon - Retention - TimeSpan.FromSeconds(n)))]);
        await Index.UpsertAsync([Rows.Row("fresh").ClosedAt(Rows.Noon), Rows.Row("open")]);
        Start();
        Start();

        await AdvanceUntil(Step, () => Sent.Count >= 250);

        Assert.Equal(250, Sent.Count);
        Assert.All(Sent, message => Assert.Equal(Rows.Run(1), Assert.IsType<PurgeRun>(message).RunId));
        Assert.Equal(250, Sent.Select(message => message.WorkflowId).Distinct().Count());
        Assert.All(Sent, message => Assert.StartsWith("old-", message.WorkflowId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_was_not_purged_is_found_again()
    {
        await Index.UpsertAsync([Rows.Row("stubborn").ClosedAt(Rows.Noon - Retention - Step)]);
        Start();

        await AdvanceUntil(Step, () => Sent.Count == 2);

        Assert.InRange(Time.GetUtcNow() - Rows.Noon, TimeSpan.FromMinutes(10), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_tombstone_is_removed_once_nobody_can_repeat_what_the_run_was_asked()
    {
        await Index.UpsertAsync([Rows.Row("a").ClosedAt(Rows.Noon)]);
        await Index.TombstoneAsync("a", Rows.Run(1), Rows.Noon);
        Start();

        await AwaitConditionAsync(
            async () =>
            {
                if (await Index.GetAsync("a") is null)
                {
                    return true;
                }

                Time.Advance(TimeSpan.FromMinutes(10));
                return false;
            },
            TimeSpan.FromSeconds(30),
            TimeSpan.FromMilliseconds(2));

        Assert.InRange(Time.GetUtcNow() - Rows.Noon, RetentionPurge.TombstoneTime, TimeSpan.MaxValue);
        Assert.Empty(Sent);
    }

    private void Start() => Sys.ActorOf(Props.Create(
        () => new RetentionPurge(Index, Region, Time, Retention, new IndexOptions(), () => false)));
}
