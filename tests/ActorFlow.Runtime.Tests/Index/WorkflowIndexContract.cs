using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Index;

/// <summary>What every index does, whatever store it is in: taking rows in, and the ends of rows.</summary>
public abstract partial class WorkflowIndexContract : IAsyncLifetime
{
    private readonly IStoreOrigin _origin;
    private PersistenceStore _store = null!;

    protected WorkflowIndexContract(IStoreOrigin origin) => _origin = origin;

    private protected IWorkflowIndex Index => _store.Index;

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
        await Index.UpsertAsync([row]);

        await Index.TombstoneAsync("a", Rows.Run(9), Rows.Noon);
        Assert.Null((await Index.GetAsync("a"))?.Purged);
        await Index.TombstoneAsync("a", row.RunId, Rows.Noon.AddDays(30));
        await Index.UpsertAsync([row with { Sequence = 6 }]);
        await Index.MarkStuckAsync("a", new("X", "y"), Rows.Noon);

        Assert.Equal(Rows.Noon.AddDays(30), (await Index.GetAsync("a"))?.Purged);
        Assert.Empty((await Index.ListAsync(new())).Rows);
        Assert.Empty((await Index.ListAsync(new() { Tags = row.Tags })).Rows);
        Assert.Empty(await Index.CountAsync(new()));
        Assert.Empty(await Index.ClaimClosedAsync(Rows.Noon.AddDays(365), Rows.Noon, 10, TimeSpan.Zero));

        await Index.UpsertAsync([Rows.Row("a", minute: 1, run: 2)]);

        Assert.Equal(Rows.Run(2), Assert.Single((await Index.ListAsync(new())).Rows).RunId);
    }

    [StoreFact]
    public async Task Old_tombstones_are_removed_and_nothing_else()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 6).Select(n => Rows.Row($"r{n}", minute: n))]);
        for (var n = 0; n < 5; n++)
        {
            await Index.TombstoneAsync($"r{n}", Rows.Run(1), Rows.Noon.AddDays(n));
        }

        var first = await Index.RemoveTombstonesAsync(Rows.Noon.AddDays(3), 2);
        var rest = await Index.RemoveTombstonesAsync(Rows.Noon.AddDays(3), 10);
        var none = await Index.RemoveTombstonesAsync(Rows.Noon.AddDays(3), 10);

        Assert.Equal((2, 1, 0), (first, rest, none));
        Assert.NotNull((await Index.GetAsync("r3"))?.Purged);
        Assert.Equal("r5", Assert.Single((await Index.ListAsync(new())).Rows).WorkflowId);
    }
}

public sealed class MemoryWorkflowIndexTests() : WorkflowIndexContract(new MemoryOrigin());
