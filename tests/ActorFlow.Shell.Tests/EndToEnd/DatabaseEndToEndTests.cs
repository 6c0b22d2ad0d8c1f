using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The built command: <c>db check</c> and <c>db compact</c>.</summary>
public sealed class DatabaseEndToEndTests : IDisposable
{
    private const string Large =
        """
        name: large
        tasks:
          m: { for-each: "${{ [1, 2, 3] }}", uses: echo, with: "${{ 'x'.repeat(100000) }}" }
        output: ok
        """;

    private readonly BuiltCommand _command = new();

    private string Database => Path.Combine(_command.PathOf("data"), "actorflow.db");

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task A_sound_database_is_counted()
    {
        await RunAsync("a", "b");

        var table = await _command.RunAsync("db", "check", "--data", "data", "-o", "table");
        var json = Json(await _command.RunAsync("db", "check", "--data", "data", "-o", "json"));

        Assert.Equal((0, ""), (table.ExitCode, table.Error));
        Assert.Contains("everything can be read", table.Out);
        Assert.True(json.GetProperty("sound").GetBoolean());
        Assert.Equal((2, 1, 2), (Number(json, "runs"), Number(json, "definitions"), Number(json, "payloads")));
        Assert.Equal(long.Parse(Query("SELECT COUNT(*) FROM journal")), Number(json, "rows"));
        Assert.True(Number(json, "events") > Number(json, "runs") * 5);
    }

    [Fact]
    public async Task What_a_process_left_that_was_killed_at_its_first_write_is_sound_and_used()
    {
        Directory.CreateDirectory(_command.PathOf("data"));
        await File.WriteAllBytesAsync(Database, []);

        var json = Json(await _command.RunAsync("db", "check", "--data", "data", "-o", "json"));
        Assert.True(json.GetProperty("sound").GetBoolean());
        Assert.Equal((0, 0), (Number(json, "runs"), Number(json, "rows")));

        await RunAsync("a");
        Assert.Equal(1, Number(Json(await _command.RunAsync("db", "check", "--data", "data", "-o", "json")), "runs"));
    }

    [Fact]
    public async Task Each_run_of_which_something_cannot_be_read_is_listed()
    {
        await RunAsync("a", "b", "c", "d", "e");
        Query("UPDATE journal SET message = x'FFFFFFFF' WHERE persistence_id = 'wf-a' AND sequence_number = 2");
        Query("DELETE FROM journal WHERE persistence_id = 'wf-b' AND sequence_number = 2");
        Query("DELETE FROM payload WHERE persistence_id = 'wf-c'");
        Query("UPDATE payload SET bytes = CAST(replace(bytes, 'x', 'y') AS BLOB) WHERE persistence_id = 'wf-d'");

        var end = await _command.RunAsync("db", "check", "--data", "data", "-o", "json");

        Assert.Equal(3, end.ExitCode);
        Assert.Contains("4 of 5 runs have parts that cannot be read", Assert.Single(end.ErrorLines));
        var damaged = Json(end).GetProperty("damagedRuns").EnumerateArray()
            .Select(run => $"{run.GetProperty("id")}: {run.GetProperty("problems")[0]}").ToList();
        Assert.Collection(
            damaged,
            a => Assert.StartsWith("a: the row 2 cannot be read: ", a),
            b => Assert.Equal("b: between the rows 1 and 3 some are missing", b),
            c => Assert.Contains("which is not stored", c),
            d => Assert.Contains("its bytes have another SHA-256", d));
    }

    [Fact]
    public async Task A_page_that_is_damaged_on_the_disk_is_found_and_the_rest_is_read()
    {
        await RunAsync("a", "b", "c");
        var root = long.Parse(Query("SELECT rootpage FROM sqlite_master WHERE name = 'snapshot'"));
        using (var file = File.OpenWrite(Database))
        {
            file.Position = (root - 1) * 4096;
            file.Write(new byte[4096]);
        }

        var end = await _command.RunAsync("db", "check", "--data", "data", "-o", "json");

        Assert.Equal(3, end.ExitCode);
        Assert.Single(end.ErrorLines);
        Assert.Equal(3, Number(Json(end), "runs"));
        Assert.NotEqual(0, Json(end).GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task Checking_changes_nothing_and_a_log_that_was_left_behind_is_read_as_well()
    {
        await RunAsync("a");
        using var left = new SqliteConnection($"Data Source={Database};Pooling=False");
        left.Open();
        using (var command = new SqliteCommand("UPDATE journal SET message = x'00' WHERE sequence_number = 1", left))
        {
            command.ExecuteNonQuery();
        }
        var before = (await ReadAsync(Database), await ReadAsync(Database + "-wal"));

        var end = await _command.RunAsync("db", "check", "--data", "data");

        Assert.Equal(3, end.ExitCode);
        Assert.Equal(before, (await ReadAsync(Database), await ReadAsync(Database + "-wal")));

        static async Task<string> ReadAsync(string path)
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Convert.ToHexString(await System.Security.Cryptography.SHA256.HashDataAsync(stream));
        }
    }

    [Fact]
    public async Task Compacting_gives_back_what_is_free_and_says_how_much()
    {
        await RunAsync("a", "b");
        Query("DELETE FROM payload; DELETE FROM journal WHERE persistence_id = 'wf-a'");
        var before = new FileInfo(Database).Length;

        var end = await _command.RunAsync("db", "compact", "--data", "data", "-o", "json");

        Assert.Equal((0, ""), (end.ExitCode, end.Error));
        var after = new FileInfo(Database).Length;
        Assert.True(after < before - 150_000, $"{before} before, {after} after");
        Assert.Equal((before, after), (Number(Json(end), "bytesBefore"), Number(Json(end), "bytesAfter")));
        Assert.Equal(0, (await _command.RunAsync("run", "large.yaml", "--id", "new", "--data", "data")).ExitCode);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("compact")]
    public async Task Where_nothing_is_nothing_is_made(string verb)
    {
        Directory.CreateDirectory(_command.PathOf("empty"));

        var missing = await _command.RunAsync("db", verb, "--data", "missing");
        var empty = await _command.RunAsync("db", verb, "--data", "empty");

        Assert.Equal((4, 4), (missing.ExitCode, empty.ExitCode));
        Assert.Single(missing.ErrorLines);
        Assert.Single(empty.ErrorLines);
        Assert.False(Directory.Exists(_command.PathOf("missing")));
        Assert.Empty(Directory.GetFileSystemEntries(_command.PathOf("empty")));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("compact")]
    public async Task A_directory_in_use_is_refused_with_its_holder(string verb)
    {
        _command.Write("nap.yaml", "name: nap\ntasks:\n  nap: { uses: sleep, with: { for: 60s } }\n");
        using var running = _command.Start("run", "nap.yaml", "--data", "data");
        Assert.True(await running.UntilErrorAsync(lines => lines.Any(line => line.Contains("nap started"))));

        var end = await _command.RunAsync("db", verb, "--data", "data");

        Assert.Equal(3, end.ExitCode);
        Assert.Contains("is in use by process", Assert.Single(end.ErrorLines));
    }

    private async Task RunAsync(params string[] ids)
    {
        _command.Write("large.yaml", Large);
        foreach (var id in ids)
        {
            Assert.Equal(0, (await _command.RunAsync("run", "large.yaml", "--id", id, "--data", "data", "-q")).ExitCode);
        }
    }

    private string Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar()?.ToString() ?? "";
    }

    private static JsonElement Json(BuiltCommand.Ended end) => JsonDocument.Parse(end.Out).RootElement;

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
