using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Index;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Persistence;

public class SqliteRunPurgeTests : RunPurgeContract
{
    private readonly SqliteTestDatabase _database;

    public SqliteRunPurgeTests() : this(new SqliteTestDatabase())
    {
    }

    private protected SqliteRunPurgeTests(SqliteTestDatabase database) : base(database) => _database = database;

    [Fact]
    public async Task The_pages_of_purged_runs_are_used_again_round_after_round()
    {
        await using var store = _database.Open(options => options.DataDirectory = Path.Combine(_database.Directory, "rounds"));
        long Pages() => store is ActorFlow.Persistence.Sqlite.SqliteStore sqlite
            ? sqlite.Readers.ReadAsync(statements => (long)statements.Scalar("PRAGMA page_count")!).Result
            : 0;
        var levels = new List<long>();
        for (var round = 0; round < 40; round++)
        {
            var rows = Enumerable.Range(0, 500).Select(n => Rows.Row($"r{round}-{n}").ClosedAt(Rows.Noon).Tagged(("n", $"{n}"))).ToArray();
            await store.Index.UpsertAsync(rows);
            await store.Purge.PurgeAsync(await store.Purge.FindAsync(DateTimeOffset.MaxValue, Rows.Noon, 1_000), Rows.Noon);
            await store.Index.RemoveTombstonesAsync(DateTimeOffset.MaxValue, 1_000);
            levels.Add(Pages());
        }

        Assert.InRange(levels[^1], 1, levels[4] * 1.1);
    }

    protected override long Level()
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_database.Directory, "actorflow.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (p.page_count - f.freelist_count) * 4096 FROM pragma_page_count p, pragma_freelist_count f";
        return (long)command.ExecuteScalar()!;
    }

    protected override void TakeBack() => _database.Rows(
        "DROP TABLE api_key; DROP TABLE audit; DROP TABLE tombstone; ALTER TABLE workflow_index DROP COLUMN owes; PRAGMA user_version = 3");
}

/// <summary>The stock journal keeps payloads in its events, and knows no tombstones: the index is asked for them.</summary>
public sealed class StockRunPurgeTests() : SqliteRunPurgeTests(new SqliteTestDatabase(JournalKind.Stock))
{
    protected override bool IsOwnJournal => false;
}

[OnPostgres]
public sealed class PostgresRunPurgeTests(PostgresTestDatabase database) : RunPurgeContract(database), IClassFixture<PostgresTestDatabase>
{
    [StoreFact]
    public async Task Several_nodes_purge_each_run_once_and_never_wait_for_each_other_for_good()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 400).Select(n => Rows.Row($"r{n}").ClosedAt(Rows.Noon.AddSeconds(n)))]);
        var stores = Enumerable.Range(0, 3).Select(_ => database.Open()).ToList();

        var purged = await Task.WhenAll(stores.Select(async store =>
        {
            var mine = 0;
            for (var found = await Find(store); !found.IsEmpty; found = await Find(store))
            {
                mine += (await store.Purge.PurgeAsync(found, Rows.Noon.AddDays(1))).Purged;
            }

            return mine;
        }));

        Assert.Equal(400, purged.Sum());
        await Index.UpsertAsync([.. Enumerable.Range(0, 400).Select(n => Rows.Row($"r{n}"))]);
        Assert.Equal(["400"], database.Rows("SELECT COUNT(*) FROM tombstone"));
        Assert.Equal(["0"], database.Rows("SELECT COUNT(*) FROM workflow_index"));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        static async Task<System.Collections.Immutable.ImmutableArray<DueRun>> Find(PersistenceStore store) =>
            await store.Purge.FindAsync(Rows.Noon.AddDays(1), Rows.Noon.AddDays(1), 30);
    }

    [StoreFact]
    public async Task The_room_of_purged_runs_is_used_again_before_the_server_looks_after_it_by_itself()
    {
        var before = Vacuumed();
        for (var n = 0; n < 10_000; n += 500)
        {
            var rows = Enumerable.Range(n, 500).Select(i => Rows.Row($"r{i}").ClosedAt(Rows.Noon)).ToArray();
            await Index.UpsertAsync(rows);
            Assert.Equal(500, (await Purge.PurgeAsync([.. rows.Select(row => new DueRun(row.WorkflowId, row.RunId, 1, 1))], Rows.Noon.AddDays(1))).Purged);
        }

        await Until.True(() => Vacuumed() >= before + 6);

        int Vacuumed() => int.Parse(
            database.Rows("SELECT coalesce(sum(vacuum_count), 0)::text FROM pg_stat_user_tables WHERE relname <> 'tombstone'")[0],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    protected override long Level() => long.Parse(database.Rows("SELECT pg_total_relation_size('tombstone')")[0], System.Globalization.CultureInfo.InvariantCulture);

    protected override void TakeBack() => database.Rows(
        "DROP TABLE api_key; DROP TABLE audit; DROP TABLE tombstone; ALTER TABLE workflow_index DROP COLUMN owes; UPDATE actorflow_schema SET version = 2");
}
