using ActorFlow.Persistence.Postgres;
using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.TestSupport.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>The schema runner over the files of the embedded database.</summary>
public sealed class SchemaRunnerTests
{
    private readonly SchemaRunner _runner = new(typeof(SqliteStore).Assembly);

    [Fact]
    public void Each_missing_version_is_applied_in_a_transaction_of_its_own_with_its_mark()
    {
        var database = new Recorder { Marked = 1 };

        _runner.Apply(database);

        Assert.Equal(["begin", "run", "mark 2", "commit", "begin", "run", "mark 3", "commit", "begin", "run", "mark 4", "commit", "begin", "run", "mark 5", "commit"], database.Done);
    }

    [Fact]
    public void A_database_that_is_up_to_date_is_not_locked()
    {
        var database = new Recorder { Marked = _runner.Newest };

        _runner.Apply(database);

        Assert.Empty(database.Done);
    }

    [Fact]
    public void What_another_node_applied_while_the_lock_was_waited_for_is_not_applied_again()
    {
        var database = new Recorder { Marked = 2 };
        database.Locked = () => database.Marked = _runner.Newest;

        _runner.Apply(database);

        Assert.Equal(["begin", "commit"], database.Done);
    }

    [Fact]
    public void After_a_version_that_failed_the_next_start_goes_on_with_it()
    {
        var database = new Recorder { FailsAt = 3 };
        Assert.Throws<InvalidDataException>(() => _runner.Apply(database));
        Assert.Equal(2, database.Marked);
        database.FailsAt = 0;
        database.Done.Clear();

        _runner.Apply(database);

        Assert.Equal(["begin", "run", "mark 3", "commit", "begin", "run", "mark 4", "commit", "begin", "run", "mark 5", "commit"], database.Done);
    }

    [Fact]
    public void Files_without_a_number_in_its_place_are_no_schema()
    {
        var wrong = Assert.Throws<InvalidOperationException>(() => new SchemaRunner(typeof(SchemaRunnerTests).Assembly));

        Assert.Equal("ActorFlow.Runtime.Tests: Schema/0002-gap.sql stands where version 1 of the schema belongs.", wrong.Message);
    }

    private sealed class Recorder : ISchemaDatabase
    {
        public int Marked { get; set; }

        public int FailsAt { get; set; }

        public Action Locked { get; set; } = () => { };

        public List<string> Done { get; } = [];

        public string Name => "recorder";

        public int Version() => Marked;

        public void Transact(Action change)
        {
            Done.Add("begin");
            Locked();
            change();
            Done.Add("commit");
        }

        public void Run(string sql)
        {
            Done.Add("run");
            if (Marked + 1 == FailsAt)
            {
                throw new InvalidDataException();
            }
        }

        public void Mark(int version)
        {
            Done.Add($"mark {version}");
            Marked = version;
        }

        public Exception Refusal(string why) => new InvalidDataException(why);
    }
}

public sealed class SqliteSchemaTests : SchemaContract
{
    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory.File("actorflow.db");

    private protected override (string[], string) Fixtures => (["sqlite-3.sql", "sqlite-4.sql"], "sqlite-5.sql");

    private protected override int Newest => 5;

    private protected override string Name => Database;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    private protected override void Prepare() => SqliteSchema.Prepare(Database);

    private protected override PersistenceStore OpenStore() => SqlitePersistence.Open(new() { DataDirectory = _directory.Path });

    private protected override Task RunAsync(string sql) => Task.FromResult(Rows(sql));

    private protected override Task ClearAsync()
    {
        File.Delete(Database);
        return Task.CompletedTask;
    }

    private protected override Task<int> MarkAsync() =>
        Task.FromResult(Rows("PRAGMA application_id")[0] == "1095126103" ? int.Parse(Rows("PRAGMA user_version")[0]) : -1);

    private protected override Task MarkAsync(int version) => RunAsync($"PRAGMA user_version={version}");

    private protected override Task<List<string>> TablesAsync() =>
        Task.FromResult(Rows("SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1"));

    private List<string> Rows(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var row = command.ExecuteReader();
        var rows = new List<string>();
        while (row.Read())
        {
            rows.Add(row.GetString(0));
        }
        return rows;
    }
}

[OnPostgres]
public sealed class PostgresSchemaTests : SchemaContract
{
    private PrivatePostgres _database = null!;

    private protected override (string[], string) Fixtures => (["postgres-2.sql", "postgres-3.sql"], "postgres-4.sql");

    private protected override int Newest => 4;

    private protected override string Name
    {
        get
        {
            var at = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
            return $"{at.Database} on {at.Host}:{at.Port}";
        }
    }

    public override async Task InitializeAsync() => _database = await PrivatePostgres.StartAsync();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    private protected override void Prepare()
    {
        using var database = new PostgresDatabase(Options());
        PostgresSchema.Prepare(database);
    }

    private protected override PersistenceStore OpenStore() => PostgresPersistence.Open(Options());

    private protected override Task RunAsync(string sql) => _database.QueryAsync(sql);

    private protected override Task ClearAsync() => RunAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");

    private protected override async Task<int> MarkAsync() => int.Parse(Assert.Single(await _database.QueryAsync("SELECT version FROM actorflow_schema")));

    private protected override Task MarkAsync(int version) => RunAsync($"UPDATE actorflow_schema SET version = {version}");

    private protected override Task<List<string>> TablesAsync() => _database.QueryAsync(
        """
        SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, collation_name, is_nullable, column_default, is_identity, identity_generation)
          FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        ORDER BY 1
        """);

    private PersistenceOptions Options() => new() { Journal = JournalKind.Postgres, ConnectionString = _database.ConnectionString };
}
