using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Tests.Index;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.Runtime.Tests.Wire;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What a purge takes from the tables and what it leaves there.</summary>
public abstract class RunPurgeContract(ITestDatabase database) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = Rows.Noon.AddDays(31);

    private static readonly string[] Tables = ["journal", "snapshot", "payload"];

    private PersistentNode Node { get; set; } = null!;

    private protected IRunPurge Purge => Node.Store.Purge;

    private protected IWorkflowIndex Index => Node.Store.Index;

    /// <summary>Whether large payloads are rows of their own, and numbers outlive a purge.</summary>
    protected virtual bool IsOwnJournal => true;

    public async Task InitializeAsync()
    {
        await database.ClearAsync();
        Node = await PersistentNode.Start(database.Open());
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await database.DisposeAsync();
    }

    [StoreFact]
    public async Task One_run_is_found_if_it_has_ended_and_is_not_held()
    {
        await KeepAsync("closed", rows: 3, isLarge: true);
        await KeepAsync("just closed", rows: 2, isLarge: false, closed: Now);
        await KeepAsync("open", rows: 2, isLarge: false, closed: null);

        var found = await Purge.FindOneAsync("closed", Now);
        Assert.Equal(("closed", 3, true), (found!.WorkflowId, found.Sequence, found.Units > 3));
        Assert.Equal((await Purge.FindAsync(Now.AddDays(-30), Now, 10)).Single(), found);
        Assert.NotNull(await Purge.FindOneAsync("just closed", Now));
        Assert.Null(await Purge.FindOneAsync("open", Now));
        Assert.Null(await Purge.FindOneAsync("none", Now));

        Assert.True(await Index.HoldAsync("closed", Now.AddMinutes(10)));
        Assert.Null(await Purge.FindOneAsync("closed", Now));
        await Index.SettleAsync("closed", found.RunId);
        Assert.Equal(found, await Purge.FindOneAsync("closed", Now));

        await Purge.ShrinkAsync(found, 1, Now);
        Assert.InRange((await Purge.FindOneAsync("closed", Now))!.Units, 1, found.Units - 1);
        Assert.Equal(1, (await Purge.PurgeAsync([found], Now)).Purged);
        Assert.Null(await Purge.FindOneAsync("closed", Now));
    }

    [StoreFact]
    public async Task All_that_is_of_the_runs_goes_in_one_transaction_and_nothing_else()
    {
        string[] due = ["a1", "0197f7a2c4d87bd4a2b4b1d4b7a8c9d0", "a/child", "it's"];
        string[] kept = ["a10", "a", "open"];
        foreach (var id in due)
        {
            await KeepAsync(id, rows: 3, isLarge: true);
        }

        foreach (var id in kept)
        {
            await KeepAsync(id, rows: 2, isLarge: true, closed: id == "open" ? null : Now);
        }

        var found = await Purge.FindAsync(Now.AddDays(-30), Now, 10);
        Assert.Equal(due, found.Select(run => run.WorkflowId));
        Assert.All(found, run => Assert.InRange(run.Units, 4 + (70_000 / 4096), 12 + (IsOwnJournal ? 80_000 : 160_000) / 4096));
        var commits = database.Commits;
        var step = await Purge.PurgeAsync(found, Now);

        Assert.Equal(4, step.Purged);
        Assert.Equal(1, database.Commits - commits);
        Assert.Equal(["wf-a 2", "wf-a10 2", "wf-open 2"], CountsOf("journal"));
        Assert.Equal(["wf-a 1", "wf-a10 1", "wf-open 1"], CountsOf("snapshot"));
        Assert.Equal(IsOwnJournal ? ["wf-a 1", "wf-a10 1", "wf-open 1"] : [], CountsOf("payload"));
        Assert.Equal(["a", "a10", "open"], database.Rows("SELECT id FROM workflow_index ORDER BY id"));
        Assert.Equal(["a", "a10", "open"], database.Rows("SELECT id FROM workflow_tag ORDER BY id"));
        Assert.Equal(["4"], database.Rows("SELECT COUNT(*) FROM tombstone"));
        Assert.Equal(["3"], database.Rows("SELECT DISTINCT sequence FROM tombstone"));
        foreach (var id in due)
        {
            Assert.Equal(Now, await Index.PurgedAtAsync(id));
        }

        Assert.Equal(0, (await Purge.PurgeAsync(found, Now)).Purged);
    }

    [StoreFact]
    public async Task Nothing_goes_of_a_run_whose_journal_has_a_row_that_the_index_does_not_know_of()
    {
        await KeepAsync("a", rows: 3, isLarge: true);
        var found = await Purge.FindAsync(Now, Now, 10);

        // Opened again, and its node has not told the index yet.
        await CommitLog.Ask(Node.CommitLog("wf-a"), Row(Payload.Null));

        Assert.Equal(0, (await Purge.PurgeAsync(found, Now)).Purged);
        Assert.Equal(0, (await Purge.ShrinkAsync(found[0], 1, Now)).Purged);
        Assert.Empty(await Purge.FindAsync(Now, Now, 10));
        Assert.Equal(["wf-a 4"], CountsOf("journal"));
        Assert.Equal(["wf-a 1"], CountsOf("snapshot"));
        Assert.Null((await Index.GetAsync("a"))!.Purged);
    }

    [StoreFact]
    public async Task A_large_run_goes_in_parts_of_bounded_size_and_from_the_first_on_it_is_no_run_any_more()
    {
        await KeepAsync("large", rows: 120, isLarge: true);
        await KeepAsync("small", rows: 1);
        var (parts, rows) = (0, RowsOf("large"));
        var due = (await Purge.FindAsync(Now, Now, 10)).Single(run => run.WorkflowId == "large");
        for (; due.Units > 25; parts++)
        {
            await Purge.ShrinkAsync(due, 25, Now.AddMinutes(parts));

            Assert.InRange(rows - RowsOf("large"), 1, 25);
            rows = RowsOf("large");
            Assert.Equal("small", Assert.Single((await Index.ListAsync(new())).Rows).WorkflowId);
            Assert.False(await Index.HoldAsync("large", DateTimeOffset.MaxValue));
            Assert.Equal(Now, await Index.PurgedAtAsync("large"));
            // As after a crash: found again by whoever looks.
            var again = (await Purge.FindAsync(Now, Now.AddDays(1), 10)).Single(run => run.WorkflowId == "large");
            Assert.InRange(again.Units, 0, due.Units - 1);
            due = again;
        }

        Assert.InRange(parts, 4, 30);
        Assert.Equal(1, (await Purge.PurgeAsync([due], Now.AddDays(1))).Purged);
        Assert.Equal(0, RowsOf("large"));
        Assert.Equal(Now, await Index.PurgedAtAsync("large"));
        Assert.Equal(["wf-small 1"], CountsOf("journal"));
    }

    [StoreFact]
    public async Task Numbers_go_on_behind_a_purged_run_while_there_is_a_tombstone_and_begin_anew_behind_that()
    {
        await KeepAsync("a", rows: 3);
        await Purge.PurgeAsync(await Purge.FindAsync(Now, Now, 10), Now);

        Assert.Equal(IsOwnJournal ? 3 : 0, (await CommitLog.Ask(Node.CommitLog("wf-a"), new CommitLog.Tell())).SequenceNr);
        Assert.Equal(IsOwnJournal, Node.Store.NumbersOutlivePurge);
        Assert.Equal(1, await Index.RemoveTombstonesAsync(DateTimeOffset.MaxValue, 10));

        var told = await CommitLog.Ask(Node.CommitLog("wf-a"), Row(Payload.Null));
        Assert.Equal((1, 1), (told.SequenceNr, told.Replayed.Count));
    }

    [StoreFact]
    public async Task A_commit_whose_answer_was_lost_leaves_each_run_purged_once()
    {
        await KeepAsync("a", rows: 3);
        await KeepAsync("b", rows: 3);
        database.LoseNextAcknowledgement();

        await Purge.PurgeAsync(await Purge.FindAsync(Now, Now, 10), Now);

        Assert.Equal(0, RowsOf("a") + RowsOf("b"));
        Assert.Equal(["2"], database.Rows("SELECT COUNT(*) FROM tombstone"));
    }

    [StoreFact]
    public async Task What_earlier_versions_left_of_purged_runs_becomes_a_tombstone_of_its_age()
    {
        await KeepAsync("a", rows: 3);
        var purged = Rows.Noon.AddDays(30);
        database.Rows($"UPDATE workflow_index SET purged = {purged.UtcTicks}, wake_at = NULL, tags = NULL, next_poll_at = 0 RETURNING id");
        database.Rows("DELETE FROM journal WHERE sequence_number < 3 RETURNING ordering");
        Assert.Equal(purged, await Index.PurgedAtAsync("a"));

        await Purge.PurgeAsync(await Purge.FindAsync(Now.AddDays(-300), Now, 10), Now);

        Assert.Equal(purged, await Index.PurgedAtAsync("a"));
        Assert.Equal(["0"], database.Rows("SELECT COUNT(*) FROM workflow_index"));
        Assert.Equal(0, RowsOf("a"));
    }

    [StoreFact]
    public async Task A_database_of_before_there_were_tombstones_gets_them_and_its_runs_are_asked()
    {
        await KeepAsync("a", rows: 3);
        await Node.Stop();
        TakeBack();

        Node = await PersistentNode.Start(database.Open());

        Assert.Equal(RunDebts.Unknown, (await Index.GetAsync("a"))!.Owes);
        Assert.Empty(await Purge.FindAsync(Now, Now, 10));
        Assert.Equal("a", Assert.Single(await Index.ClaimOwingAsync(Now, Now, 10, TimeSpan.FromMinutes(1))).WorkflowId);
        await Index.SettleAsync("a", Rows.Run(1));
        Assert.Equal(1, (await Purge.PurgeAsync(await Purge.FindAsync(Now, Now, 10), Now)).Purged);
    }

    [StoreFact]
    public async Task A_tombstone_takes_120_bytes_at_most_however_long_the_id_is()
    {
        const int Runs = 20_000;
        var before = Level();
        foreach (var chunk in Enumerable.Range(0, Runs).Chunk(500))
        {
            var rows = chunk.Select(n => Rows.Row(n % 2 == 0 ? Guid.CreateVersion7().ToString("n") : $"{new string('x', 80)}-{n}").ClosedAt(Rows.Noon)).ToArray();
            await Index.UpsertAsync(rows);
            Assert.Equal(500, (await Purge.PurgeAsync([.. rows.Select(row => new DueRun(row.WorkflowId, row.RunId, 1, 1))], Now)).Purged);
        }

        Assert.Equal([$"{Runs}"], database.Rows("SELECT COUNT(*) FROM tombstone"));
        Assert.InRange((Level() - before) / (double)Runs, 20, 120);
    }

    /// <summary>The bytes that tombstones, or all that is there, take.</summary>
    protected abstract long Level();

    /// <summary>Makes the schema what it was before there were tombstones.</summary>
    protected abstract void TakeBack();

    private protected async Task KeepAsync(string id, int rows, bool isLarge = false) => await KeepAsync(id, rows, isLarge, Rows.Noon);

    private protected async Task KeepAsync(string id, int rows, bool isLarge, DateTimeOffset? closed)
    {
        var log = Node.CommitLog(ActorFlow.Runtime.Workflows.PersistenceIds.Of(id));
        var large = Payload.FromString(new string('y', 70_000));
        for (var n = 0; n < rows; n++)
        {
            await CommitLog.Ask(log, Row(isLarge && n == 0 ? large : Payload.Null));
        }

        await CommitLog.Ask(log, new WorkflowCheckpoint(rows, [], ImageSamples.Bare with { Input = isLarge ? large : Payload.Null }));
        var row = Rows.Row(id, sequence: rows).Tagged(("team", "blue"));
        await Index.UpsertAsync([closed is { } time ? row.ClosedAt(time) : row]);
    }

    private static CommitBatch Row(Payload output) => new([JournalSamples.Commit(new WorkflowEvent.Completed(output))]);

    private List<string> CountsOf(string table) =>
        database.Rows($"SELECT persistence_id || ' ' || COUNT(*) FROM {table} GROUP BY persistence_id ORDER BY persistence_id");

    private int RowsOf(string id) => Tables.Sum(table =>
        int.Parse(database.Rows($"SELECT COUNT(*) FROM {table} WHERE persistence_id = 'wf-{id}'")[0], System.Globalization.CultureInfo.InvariantCulture));
}
