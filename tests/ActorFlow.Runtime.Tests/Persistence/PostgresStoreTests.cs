using ActorFlow.Persistence.Postgres;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.TestSupport.Databases;
using Npgsql;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>Opening a PostgreSQL database, and closing it.</summary>
[OnPostgres]
public sealed class PostgresStoreTests : IAsyncLifetime
{
    private PrivatePostgres _database = null!;

    public async Task InitializeAsync() => _database = await PrivatePostgres.StartAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [StoreFact]
    public async Task Nodes_that_start_at_once_make_the_tables_once_and_all_of_them_work()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Open())));

        await Task.WhenAll(stores.Select((store, i) => store.Definitions.PutAsync(Definition($"h{i}"))));

        Assert.Equal(["4"], await _database.QueryAsync("SELECT count(*) FROM definition"));
        Assert.Equal(["1"], await _database.QueryAsync("SELECT count(*) FROM actorflow_schema"));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [StoreFact]
    public async Task A_database_of_a_newer_schema_is_refused_and_left_alone()
    {
        await Open().DisposeAsync();
        await _database.QueryAsync("UPDATE actorflow_schema SET version = 99");

        var refusal = Assert.Throws<DatabaseException>(Open);

        Assert.EndsWith(" has schema version 99, this ActorFlow knows up to 4: use a newer ActorFlow.", refusal.Message);
        Assert.Equal(["99"], await _database.QueryAsync("SELECT version FROM actorflow_schema"));
    }

    [StoreFact]
    public async Task A_database_of_an_older_schema_gets_the_tables_that_came_later_and_keeps_its_rows()
    {
        var store = Open();
        await store.Definitions.PutAsync(Definition("h1"));
        await store.DisposeAsync();
        await _database.QueryAsync("DROP TABLE workflow_index, workflow_tag, tombstone, api_key, audit; DROP FUNCTION workflow_tag_word; UPDATE actorflow_schema SET version = 1");

        store = Open();

        Assert.NotNull(await store.Definitions.GetAsync("h1"));
        Assert.Empty((await store.Index.ListAsync(new())).Rows);
        Assert.Equal(["4"], await _database.QueryAsync("SELECT version FROM actorflow_schema"));
        await store.DisposeAsync();
    }

    [StoreFact]
    public async Task The_tables_of_another_program_are_refused_and_left_alone()
    {
        await _database.QueryAsync("CREATE TABLE snapshot (x integer)");

        var refusal = Assert.Throws<DatabaseException>(Open);

        Assert.Equal($"{Name} holds tables of another program: relation \"snapshot\" already exists.", refusal.Message);
        Assert.Equal(["snapshot"], await _database.QueryAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"));
    }

    [StoreFact]
    public async Task Several_schemas_of_one_database_are_several_stores()
    {
        await _database.QueryAsync("CREATE SCHEMA one; CREATE SCHEMA other");
        await using var one = Open(settings => settings.SearchPath = "one");
        await using var other = Open(settings => settings.SearchPath = "other");

        await one.Definitions.PutAsync(Definition("h1"));

        Assert.NotNull(await one.Definitions.GetAsync("h1"));
        Assert.Null(await other.Definitions.GetAsync("h1"));
    }

    [StoreTheory]
    [InlineData("database", "nowhere on 127.0.0.1:* cannot be used: database \"nowhere\" does not exist.")]
    [InlineData("password", "actorflow_* on 127.0.0.1:* cannot be used: password authentication failed for user \"actorflow\".")]
    [InlineData("port", "actorflow_* on 127.0.0.1:1 cannot be used: Connection refused.")]
    [InlineData("host", "actorflow_* on nowhere.invalid:* cannot be used: Name or service not known.")]
    public void A_database_that_cannot_be_used_is_named_in_one_line_with_the_reason_and_never_the_password(string wrong, string said)
    {
        var refusal = Assert.Throws<DatabaseException>(() => Open(settings =>
        {
            settings.Database = wrong == "database" ? "nowhere" : settings.Database;
            settings.Port = wrong == "port" ? 1 : settings.Port;
            settings.Host = wrong == "host" ? "nowhere.invalid" : settings.Host;
            settings.Password = wrong == "database" ? settings.Password : "Open-Sesame-7";
        }));

        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(said).Replace("\\*", ".*") + "$", refusal.Message);
        Assert.DoesNotContain("Sesame", refusal.ToString());
    }

    [StoreFact]
    public async Task A_commit_waits_for_the_disk_even_where_the_database_is_set_not_to()
    {
        await _database.QueryAsync($"ALTER DATABASE {_database.DatabaseName} SET synchronous_commit = off");
        using var database = new PostgresDatabase(Options());
        using var session = database.OpenWriter();

        Assert.Equal("on", session.Scalar("SHOW synchronous_commit"));
    }

    [StoreFact]
    public async Task Closing_writes_what_is_queued_and_refuses_what_comes_later()
    {
        var faults = new ServerFaults();
        var store = faults.Open(Options());
        faults.Stall();
        var queued = Enumerable.Range(1, 1_000).Select(i => store.Definitions.PutAsync(Definition($"h{i}"))).ToArray();
        var closing = store.DisposeAsync().AsTask();
        var late = await Assert.ThrowsAsync<StoreWriteException>(() => store.Definitions.PutAsync(Definition("late")));
        Assert.False(closing.IsCompleted);

        faults.Resume();
        await closing;

        await Task.WhenAll(queued);
        Assert.Equal("The store is closed.", late.Message);
        Assert.Equal(["1000"], await _database.QueryAsync("SELECT count(*) FROM definition"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Definitions.GetAsync("h1"));
    }

    [StoreFact]
    public async Task A_flush_ends_after_the_writes_before_it_of_every_writer()
    {
        var faults = new ServerFaults();
        await using var store = faults.Open(Options());
        faults.Stall();
        var written = Enumerable.Range(1, 50).Select(i => store.Definitions.PutAsync(Definition($"h{i}"))).ToArray();
        var flushed = store.FlushAsync();
        await Until.True(() => faults.IsStalling);
        Assert.False(flushed.IsCompleted);

        faults.Resume();
        await flushed;

        Assert.All(written, write => Assert.True(write.IsCompletedSuccessfully));
    }

    private string Name
    {
        get
        {
            var at = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
            return $"{at.Database} on {at.Host}:{at.Port}";
        }
    }

    private static StoredDefinition Definition(string hash) => new(hash, "name", 1, new byte[] { 1 }, DateTimeOffset.UnixEpoch);

    private PersistenceOptions Options() => new() { Journal = JournalKind.Postgres, ConnectionString = _database.ConnectionString };

    private PersistenceStore Open() => PostgresPersistence.Open(Options());

    private PersistenceStore Open(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        change(settings);
        var options = Options();
        options.ConnectionString = settings.ToString();
        return PostgresPersistence.Open(options);
    }
}
