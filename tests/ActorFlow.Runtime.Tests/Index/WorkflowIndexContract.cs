using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Index;

/// <summary>What every index does, whatever store it is in: taking rows in, and the ends of rows.</summary>
public abstract partial class WorkflowIndexContract : IAsyncLifetime
{
    private readonly IStoreOrigin _origin;
    private PersistenceStore _store = null!;

    private protected WorkflowIndexContract(IStoreOrigin origin) => _origin = origin;

    private protected IWorkflowIndex Index => _store.Index;

    private protected IRunPurge Purge => _store.Purge;

    public async Task InitializeAsync()
    {
        await _origin.ClearAsync();
        _store = _origin.Open();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [StoreFact]
    public async Task A_row_is_read_back_as_it_was_written()
    {
        var row = new WorkflowIndexRow(
            "a/b~1", Guid.CreateVersion7(), 42, "order", 3, WorkflowStatus.Failed, Rows.Noon.AddTicks(1), Rows.Noon.AddTicks(2))
        {
            Parent = "a",
            Closed = Rows.Noon.AddTicks(3),
            WakeAt = Rows.Noon.AddTicks(4),
            Failure = new("Boom", "it went \u00fcber"),
            Owes = RunDebts.Children,
        };
        row = row.Tagged(("team", "blue"), ("", "it's \"quoted\""));
        var bare = Rows.Row("bare");

        await Index.UpsertAsync([row, bare]);

        Assert.Equivalent(row, await Index.GetAsync("a/b~1"), strict: true);
        Assert.Equivalent(bare, await Index.GetAsync("bare"), strict: true);
        Assert.Null(await Index.GetAsync("other"));
    }

    [StoreTheory]
    [InlineData(new[] { 1, 2, 3 })]
    [InlineData(new[] { 3, 2, 1 })]
    [InlineData(new[] { 2, 3, 1 })]
    public async Task Of_one_run_the_highest_number_stays_in_whatever_order_rows_come(int[] order)
    {
        foreach (var sequence in order)
        {
            await Index.UpsertAsync([Rows.Row("a", sequence: sequence) with { Version = sequence }]);
        }

        await Index.UpsertAsync([Rows.Row("a", sequence: 3) with { Version = 99 }]);

        Assert.Equal(3, (await Index.GetAsync("a"))?.Version);
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_rule_6_of_two_runs_of_one_id_the_later_start_stays_whatever_their_numbers(bool laterFirst)
    {
        var early = Rows.Row("a", minute: 1, sequence: 900, run: 2).Tagged(("k", "early"));
        var late = Rows.Row("a", minute: 2, sequence: 1, run: 1).Tagged(("k", "late"));

        await Index.UpsertAsync([laterFirst ? late : early]);
        await Index.UpsertAsync([laterFirst ? early : late]);

        Assert.Equal(Rows.Run(1), (await Index.GetAsync("a"))?.RunId);
        Assert.Empty((await Index.ListAsync(new() { Tags = early.Tags })).Rows);
        Assert.Single((await Index.ListAsync(new() { Tags = late.Tags })).Rows);
    }

    [StoreFact]
    public async Task Failure_rule_6_of_two_runs_that_started_at_one_time_the_later_id_stays()
    {
        await Index.UpsertAsync([Rows.Row("a", run: 2), Rows.Row("a", run: 1, sequence: 5), Rows.Row("b", run: 1), Rows.Row("b", run: 2)]);

        Assert.Equal(Rows.Run(2), (await Index.GetAsync("a"))?.RunId);
        Assert.Equal(Rows.Run(2), (await Index.GetAsync("b"))?.RunId);
    }

    [StoreFact]
    public async Task Rows_written_from_many_sides_at_once_end_with_the_newest_of_each()
    {
        var rows = Enumerable.Range(1, 40)
            .SelectMany(sequence => Enumerable.Range(0, 25).Select(id => Rows.Row($"run-{id}", sequence: sequence).Tagged(("n", $"{sequence}"))))
            .ToArray();
        new Random(7).Shuffle(rows);

        await Task.WhenAll(rows.Chunk(10).Select(chunk => Task.Run(() => Index.UpsertAsync(chunk))));

        var all = (await Index.ListAsync(new())).Rows;
        Assert.Equal(25, all.Length);
        Assert.All(all, row => Assert.Equal(40, row.Sequence));
        Assert.Equal(25, (await Index.ListAsync(new() { Tags = all[0].Tags })).Rows.Length);
        Assert.Empty((await Index.ListAsync(new() { Tags = Rows.Row("a").Tagged(("n", "39")).Tags })).Rows);
    }

    [StoreFact]
    public async Task A_stuck_run_is_put_right_by_the_row_it_had_but_by_no_older_one()
    {
        await Index.UpsertAsync([Rows.Row("a", sequence: 5)]);
        await Index.MarkStuckAsync("a", new("CorruptJournal", "number 4 is missing"), Rows.Noon.AddHours(1));
        await Index.MarkStuckAsync("unknown", new("X", "y"), Rows.Noon);
        await Index.UpsertAsync([Rows.Row("a", sequence: 4)]);

        var stuck = Assert.Single((await Index.ListAsync(new() { Statuses = [WorkflowStatus.Stuck], Text = "number 4" })).Rows);
        Assert.Equal(("CorruptJournal", Rows.Noon.AddHours(1)), (stuck.Failure?.Type, stuck.Updated));
        Assert.Null(await Index.GetAsync("unknown"));

        await Index.UpsertAsync([Rows.Row("a", sequence: 5)]);

        Assert.Equal(WorkflowStatus.Running, (await Index.GetAsync("a"))?.Status);
    }

    [StoreFact]
    public async Task Failure_rule_6_a_tombstone_hides_the_run_and_late_rows_of_it_until_a_later_run_takes_the_id()
    {
        var row = Rows.Row("a", sequence: 5).ClosedAt(Rows.Noon).Tagged(("k", "v"));
        var purged = Rows.Noon.AddDays(30);
        await Index.UpsertAsync([row, Rows.Row("other")]);
        Assert.Null(await Index.PurgedAtAsync("a"));

        Assert.Equal(0, (await Purge.PurgeAsync([new("a", Rows.Run(9), 5, 1)], purged)).Purged);
        Assert.Equal(1, (await Purge.PurgeAsync([new("a", row.RunId, 5, 1)], purged)).Purged);
        await Index.UpsertAsync([row with { Sequence = 6 }]);
        await Index.UpsertAsync([Rows.Row("a", minute: 1, run: 2)]);
        await Index.MarkStuckAsync("a", new("X", "y"), Rows.Noon);

        Assert.Equal(purged, await Index.PurgedAtAsync("a"));
        Assert.Null(await Index.GetAsync("a"));
        Assert.Equal("other", Assert.Single((await Index.ListAsync(new())).Rows).WorkflowId);
        Assert.Empty((await Index.ListAsync(new() { Tags = row.Tags })).Rows);
        Assert.Empty(await Purge.FindAsync(DateTimeOffset.MaxValue, purged, 10));

        await Index.UpsertAsync([Rows.Row("a", minute: (int)TimeSpan.FromDays(31).TotalMinutes, run: 2)]);

        Assert.Equal(Rows.Run(2), (await Index.GetAsync("a"))?.RunId);
    }

    [StoreFact]
    public async Task Old_tombstones_are_removed_and_nothing_else()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 6).Select(n => Rows.Row($"r{n}", minute: n).ClosedAt(Rows.Noon))]);
        for (var n = 0; n < 5; n++)
        {
            await Purge.PurgeAsync([new($"r{n}", Rows.Run(1), 1, 1)], Rows.Noon.AddDays(n));
        }

        var first = await Index.RemoveTombstonesAsync(Rows.Noon.AddDays(3), 2);
        var rest = await Index.RemoveTombstonesAsync(Rows.Noon.AddDays(3), 10);
        var none = await Index.RemoveTombstonesAsync(Rows.Noon.AddDays(3), 10);

        Assert.Equal((2, 1, 0), (first, rest, none));
        Assert.Null(await Index.PurgedAtAsync("r2"));
        Assert.NotNull(await Index.PurgedAtAsync("r3"));
        Assert.Equal("r5", Assert.Single((await Index.ListAsync(new())).Rows).WorkflowId);
    }

    [StoreFact]
    public async Task Only_closed_runs_that_owe_nothing_are_due_the_longest_closed_first_and_those_that_may_owe_are_claimed()
    {
        var closed = Rows.Noon.AddDays(1);
        WorkflowIndexRow Child(string id, string parent, RunDebts owes = RunDebts.Report) =>
            Rows.Row(id).ClosedAt(closed.AddMinutes(1)) with { Parent = parent, Owes = owes };
        await Index.UpsertAsync(
        [
            Rows.Row("open"),
            Rows.Row("fresh").ClosedAt(closed.AddDays(1)),
            Rows.Row("newer").ClosedAt(closed),
            Rows.Row("older").ClosedAt(Rows.Noon),
            Rows.Row("failed", status: WorkflowStatus.Failed) with { Closed = Rows.Noon.AddMinutes(1) },
            Child("newer/child", "newer"),
            Child("open/child", "open"),
            Child("nobody/child", "nobody"),
            Rows.Row("leaves").ClosedAt(closed.AddMinutes(3)) with { Owes = RunDebts.Children },
            Child("newer/leaves", "newer", RunDebts.Report | RunDebts.Children),
            Rows.Row("unknown").ClosedAt(closed.AddMinutes(2)) with { Owes = RunDebts.Unknown },
        ]);
        var (before, now) = (closed.AddHours(1), closed.AddDays(30));

        async Task<string[]> DueAsync(int max = 10) => [.. (await Purge.FindAsync(before, now, max)).Select(run => run.WorkflowId)];
        async Task<string[]> OwingAsync(DateTimeOffset at) =>
            [.. (await Index.ClaimOwingAsync(before, at, 10, TimeSpan.FromMinutes(1))).Select(run => run.WorkflowId).Order(StringComparer.Ordinal)];

        Assert.Equal(["older", "failed"], await DueAsync(2));
        Assert.Equal(["older", "failed", "newer", "newer/child"], await DueAsync());
        Assert.Equal(["leaves", "newer/leaves", "nobody/child", "open/child", "unknown"], await OwingAsync(now));
        Assert.Empty(await OwingAsync(now.AddSeconds(59)));

        await Index.SettleAsync("open/child", Rows.Run(1));
        await Index.SettleAsync("leaves", Rows.Run(2));
        await Index.SettleAsync("open", Rows.Run(1));

        Assert.Equal(["failed", "newer", "newer/child", "older", "open/child"], (await DueAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["leaves", "newer/leaves", "nobody/child", "unknown"], await OwingAsync(now.AddMinutes(2)));
    }

    [StoreFact]
    public async Task A_run_that_is_held_is_neither_found_nor_purged_and_one_that_is_purged_cannot_be_held()
    {
        var row = Rows.Row("a").ClosedAt(Rows.Noon);
        await Index.UpsertAsync([row, Rows.Row("b").ClosedAt(Rows.Noon)]);
        var now = Rows.Noon.AddDays(1);
        var found = await Purge.FindAsync(now, now, 10);
        Assert.Equal(2, found.Length);

        Assert.True(await Index.HoldAsync("a", now.AddMinutes(1)));
        Assert.True(await Index.HoldAsync("never seen", now.AddMinutes(1)));

        Assert.Equal("b", Assert.Single(await Purge.FindAsync(now, now, 10)).WorkflowId);
        Assert.Equal(1, (await Purge.PurgeAsync(found, now)).Purged);
        Assert.NotNull(await Index.GetAsync("a"));
        Assert.False(await Index.HoldAsync("b", now.AddMinutes(1)));

        Assert.Equal(1, (await Purge.PurgeAsync(found, now.AddMinutes(1))).Purged);
        Assert.False(await Index.HoldAsync("a", now.AddMinutes(9)));
    }

    [StoreFact]
    public async Task What_was_claimed_or_held_while_the_clock_was_ahead_is_free_once_it_is_right_again()
    {
        await Index.UpsertAsync(
        [
            Rows.Row("held").ClosedAt(Rows.Noon),
            Rows.Row("owing").ClosedAt(Rows.Noon) with { Owes = RunDebts.Unknown },
            Rows.Row("due").WakingAt(Rows.Noon),
        ]);
        var now = Rows.Noon.AddDays(1);
        var found = await Purge.FindAsync(now, now, 10);
        Assert.Equal("held", Assert.Single(found).WorkflowId);

        async Task<(int Due, int Owing, int Waking)> FreeAsync() => (
            (await Purge.FindAsync(now, now, 10)).Length,
            (await Index.ClaimOwingAsync(now, now, 10, TimeSpan.FromMinutes(10))).Length,
            (await Index.ClaimDueAsync(now, 10, HalfAMinute)).Length);

        // As far ahead as a claim and a hold may last: they count.
        await HoldAsync(now.AddDays(1), HalfAMinute);
        Assert.Equal((0, 0, 0), await FreeAsync());
        Assert.Equal(0, (await Purge.PurgeAsync(found, now)).Purged);

        await HoldAsync(now.AddDays(400), TimeSpan.FromDays(400));
        Assert.Equal((1, 1, 1), await FreeAsync());
        Assert.Equal((1, 0, 0), await FreeAsync());
        Assert.Equal(1, (await Purge.PurgeAsync(found, now)).Purged);
        Assert.NotNull(await Index.PurgedAtAsync("held"));

        async Task HoldAsync(DateTimeOffset until, TimeSpan waking)
        {
            await Index.HoldAsync("held", until);
            await Index.HoldAsync("owing", until);
            await Index.HoldAsync("due", now + waking);
        }
    }

    [StoreFact]
    public async Task A_run_that_was_opened_again_since_it_was_found_is_left_alone()
    {
        var row = Rows.Row("a", sequence: 7).ClosedAt(Rows.Noon);
        await Index.UpsertAsync([row]);
        var now = Rows.Noon.AddDays(1);
        var found = await Purge.FindAsync(now, now, 10);

        await Index.UpsertAsync([row with { Sequence = 8, Closed = null, Status = WorkflowStatus.Running }]);
        Assert.Equal(0, (await Purge.PurgeAsync(found, now)).Purged);
        await Index.UpsertAsync([row with { Sequence = 9 }]);
        Assert.Equal(0, (await Purge.PurgeAsync(found, now)).Purged);

        Assert.Equal(9, (await Index.GetAsync("a"))?.Sequence);
    }

    [StoreFact]
    public async Task Several_that_purge_at_once_purge_each_run_once()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 300).Select(n => Rows.Row($"r{n}").ClosedAt(Rows.Noon.AddSeconds(n)))]);
        var now = Rows.Noon.AddDays(1);

        var purged = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var mine = 0;
            for (var found = await Purge.FindAsync(now, now, 40); !found.IsEmpty; found = await Purge.FindAsync(now, now, 40))
            {
                mine += (await Purge.PurgeAsync(found, now)).Purged;
            }

            return mine;
        }));

        Assert.Equal(300, purged.Sum());
        Assert.Equal(300, await Index.RemoveTombstonesAsync(DateTimeOffset.MaxValue, 1_000));
    }
}

public sealed class MemoryWorkflowIndexTests() : WorkflowIndexContract(new MemoryOrigin());
