using System.Diagnostics;
using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.File("data");

    private string Database => System.IO.Path.Combine(Path, "actorflow.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_missing_directory_is_made_with_the_tables_of_the_newest_schema()
    {
        using var data = DataDirectory.Open(Path);

        Assert.Equal(Database, data.DatabaseFile);
        Assert.Equal(["api_key", "audit", "definition", "definition_version", "journal", "payload", "snapshot", "tags", "tombstone", "workflow_index", "workflow_tag"],
            Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"));
        Assert.Equal([$"{SqliteSchema.Version}"], Query("PRAGMA user_version"));
        Assert.Equal([$"{SqliteSchema.ApplicationId}"], Query("PRAGMA application_id"));
    }

    [Fact]
    public void A_database_of_the_first_schema_gets_the_tables_that_came_later_and_keeps_its_rows()
    {
        var isOfTheFirst = "name IN ('definition', 'journal', 'snapshot', 'tags') OR name LIKE 'sqlite%'";
        DataDirectory.Open(Path).Dispose();
        var tables = Query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
        Execute("INSERT INTO definition VALUES ('h', 'n', 1, x'00', 'now')");
        foreach (var later in Query($"SELECT name FROM sqlite_master WHERE type = 'table' AND NOT ({isOfTheFirst})"))
        {
            Execute($"DROP TABLE {later}");
        }
        Execute("PRAGMA user_version=1");

        using var data = DataDirectory.Open(Path);

        Assert.Equal(tables, Query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"));
        Assert.Equal(["h"], Query("SELECT hash FROM definition"));
        Assert.Equal([$"{SqliteSchema.Version}"], Query("PRAGMA user_version"));
    }

    [Fact]
    public void It_opens_again_and_keeps_what_is_in_it()
    {
        DataDirectory.Open(Path).Dispose();
        Execute("INSERT INTO definition VALUES ('h', 'n', 1, x'00', '2026-01-01')");

        using var again = DataDirectory.Open(Path);

        Assert.Equal(["h"], Query("SELECT hash FROM definition"));
    }

    [Fact]
    public void An_empty_database_file_is_taken_as_new()
    {
        Directory.CreateDirectory(Path);
        File.WriteAllBytes(Database, []);

        using var data = DataDirectory.Open(Path);

        Assert.Equal([$"{SqliteSchema.Version}"], Query("PRAGMA user_version"));
    }

    [Fact]
    public void Failure_rule_5_the_second_to_open_is_told_who_holds_the_directory()
    {
        var first = DataDirectory.Open(Path);

        var refusal = Refusal();

        Assert.StartsWith($"{Path} is in use by process {Environment.ProcessId} (", refusal);
        Assert.Matches(@"\), started \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: wait until it has ended, or end it, or use another directory\.$", refusal);
        first.Dispose();
        DataDirectory.Open(Path).Dispose();
    }

    [LinuxFact]
    public async Task Failure_rule_5_the_lock_of_another_process_holds_until_it_is_killed()
    {
        DataDirectory.Open(Path).Dispose();
        // --no-fork: the lock is held by the very process that is killed below.
        using var other = Process.Start("flock", ["--no-fork", System.IO.Path.Combine(Path, "actorflow.lock"), "sleep", "600"]);
        try
        {
            await Until.True(() => IsRefused());
            Assert.Equal($"{Path} is in use by another process: wait until it has ended, or end it, or use another directory.", Refusal());
        }
        finally
        {
            other.Kill();
        }
        await other.WaitForExitAsync();

        DataDirectory.Open(Path).Dispose();
    }

    [LinuxFact]
    public void A_process_started_meanwhile_does_not_inherit_the_lock()
    {
        var data = DataDirectory.Open(Path);
        using var child = Process.Start("sleep", ["600"]);
        try
        {
            data.Dispose();
            DataDirectory.Open(Path).Dispose();
        }
        finally
        {
            child.Kill();
        }
    }

    [Fact]
    public void A_file_in_its_place_is_refused_in_one_line()
    {
        File.WriteAllText(Path, "not a directory");

        Assert.StartsWith($"{Path} cannot be used as the data directory: ", Refusal());
    }

    [LinuxFact]
    public void A_place_where_nothing_can_be_made_is_refused_in_one_line() =>
        Assert.StartsWith("/proc/actorflow cannot be used as the data directory: ", Refusal("/proc/actorflow"));

    [UnprivilegedFact]
    public void A_read_only_directory_is_refused_in_one_line()
    {
        Directory.CreateDirectory(Path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.StartsWith($"{Path} cannot be used as the data directory: ", Refusal());
    }

    [Theory]
    [InlineData("this is a letter, not a database, and it is longer than the header of one: a hundred bytes, give or take a few.")]
    [InlineData("short")]
    public void A_file_that_is_no_database_is_refused_and_left_alone(string content)
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(Database, content);

        Assert.StartsWith($"{Database} is not a database. ", Refusal());

        Assert.Equal(content, File.ReadAllText(Database));
    }

    [Theory]
    [InlineData("CREATE TABLE other (x)")]
    [InlineData("PRAGMA application_id=77")]
    [InlineData("PRAGMA user_version=3")]
    [InlineData("PRAGMA journal_mode=WAL; CREATE TABLE other (x)")]
    public void The_database_of_another_program_is_refused_and_left_alone(string sql)
    {
        Directory.CreateDirectory(Path);
        Array.ForEach(sql.Split(';'), Execute);
        var before = File.ReadAllBytes(Database);

        Assert.Equal($"{Database} is the database of another program.", Refusal());

        Assert.Equal(before, File.ReadAllBytes(Database));
        Assert.Equal(["actorflow.db", "actorflow.lock"], Directory.GetFiles(Path).Select(System.IO.Path.GetFileName).Order());
    }

    [Fact]
    public void A_database_of_a_newer_schema_is_refused_and_left_alone()
    {
        DataDirectory.Open(Path).Dispose();
        Execute($"PRAGMA user_version={SqliteSchema.Version + 1}");
        var before = File.ReadAllBytes(Database);

        Assert.Equal(
            $"{Database} has schema version {SqliteSchema.Version + 1}, this ActorFlow knows up to {SqliteSchema.Version}: use a newer ActorFlow.",
            Refusal());

        Assert.Equal(before, File.ReadAllBytes(Database));
    }

    [Fact]
    public void A_refused_directory_is_not_left_locked()
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(Database, "this is no database");
        Refusal();
        File.Delete(Database);

        DataDirectory.Open(Path).Dispose();
    }

    private bool IsRefused()
    {
        try
        {
            DataDirectory.Open(Path).Dispose();
            return false;
        }
        catch (DataDirectoryException)
        {
            return true;
        }
    }

    private string Refusal(string? path = null)
    {
        var message = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(path ?? Path)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var values = new List<string>();
        while (rows.Read())
        {
            values.Add(rows.GetValue(0).ToString()!);
        }
        return values;
    }

    private void Execute(string sql) => Query(sql);
}

public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Uses what Linux has.";
}

public sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute() =>
        Skip = OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess ? "Whom no permission stops cannot run into one." : null;
}
