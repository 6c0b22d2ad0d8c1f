using System.Text.Json;
using ActorFlow.Shell.Tests.Runs;

namespace ActorFlow.Shell.Tests.Records;

/// <summary>The command reads a data directory that an earlier program left; see <c>Fixtures/Runs</c> of the runtime's tests.</summary>
public sealed class KeptDirectoryTests : IAsyncLifetime
{
    private readonly ShellSession _directory = new();

    public async Task InitializeAsync()
    {
        await using var kept = typeof(KeptDirectoryTests).Assembly.GetManifestResourceStream("kept-runs.db")!;
        await using var copy = File.Create(Path.Combine(Directory.CreateDirectory(_directory.PathOf("data")).FullName, "actorflow.db"));
        await kept.CopyToAsync(copy);
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_is_sound_as_it_was_left_and_once_its_schema_is_the_newest()
    {
        var left = Assert.Single(await ReadAsync("db", "check"));
        var run = Assert.Single(await ReadAsync("show", "signal"));
        var now = Assert.Single(await ReadAsync("db", "check"));

        Assert.Equal(3, Number(left, "schema"));
        Assert.True(Number(now, "schema") > 3);
        Assert.All([left, now], counts =>
        {
            Assert.True(counts.GetProperty("sound").GetBoolean());
            Assert.Equal(
                (12, 49, 157, 8, 1, 10),
                (Number(counts, "runs"), Number(counts, "rows"), Number(counts, "events"), Number(counts, "snapshots"), Number(counts, "payloads"), Number(counts, "definitions")));
        });
        Assert.Equal("waiting", Text(run, "status"));
        Assert.Equal(("address", "10 Main Street"), (Text(run.GetProperty("signals")[0], "name"), Text(run.GetProperty("signals")[0], "payload")));
    }

    [Fact]
    public async Task Its_histories_and_checkpoints_are_read()
    {
        var history = await ReadAsync("history", "each");
        var checkpoints = await ReadAsync("checkpoints", "rewound");

        Assert.Equal((1, "run-started"), (Number(history[0], "row"), Text(history[0], "event")));
        Assert.Equal(Enumerable.Range(1, 7), history.Select(line => Number(line, "row")).Distinct());
        Assert.Equal(
            ["parcels[1]/send", "parcels[3]/send"],
            history.Where(line => Text(line, "event") is "completed").Select(line => Text(line, "task")!)
                .Where(task => task.EndsWith("/send", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains(checkpoints, checkpoint => (Number(checkpoint, "checkpoint"), Text(checkpoint, "name")) == (2, "load"));
    }

    private async Task<JsonElement[]> ReadAsync(params string[] words)
    {
        // The verbs about runs are there only with a runner; these do not use it.
        using var session = new ShellSession { Runner = new ScriptedRunner() };
        var exit = await session.RunAsync([.. words, "--data", _directory.PathOf("data"), "-o", "json"]);
        Assert.Equal((0, ""), (exit, session.Error));
        return [.. session.OutLines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
