using System.Text.Json;
using ActorFlow.Shell.Records;

namespace ActorFlow.Shell.Tests.Records;

/// <summary>What the page of a run says of attempts.</summary>
public sealed class RunPageTests
{
    private static readonly DateTimeOffset Begun = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_tells_an_attempt_that_a_worker_has_from_one_that_none_has()
    {
        var run = Described(
            waits: [new("offered", WaitKind.Worker, Begun, null, "charge")],
            Attempt("had") with { Worker = "node-1", Since = Begun },
            Attempt("offered") with { Since = Begun },
            Attempt("unknown"));
        var page = new StringWriter();

        await new RunPage(page).WriteAsync(run);

        var lines = page.ToString().Split('\n');
        Assert.Contains(lines, line => line.Contains("had", StringComparison.Ordinal) && line.Contains("runs charge on node-1 since ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("offered", StringComparison.Ordinal) && line.Contains("waits for a worker to run charge since ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("unknown", StringComparison.Ordinal) && line.TrimEnd().EndsWith("runs charge", StringComparison.Ordinal));
    }

    [Fact]
    public void Programs_read_the_worker_and_the_number_of_the_attempt()
    {
        var json = RecordJson.Of(Described([], Attempt("had") with { Worker = "node-1" }, Attempt("offered")));

        var tasks = JsonDocument.Parse(json.ToString()).RootElement.GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(
            [("node-1", 2, 3), (null, 2, 3)],
            tasks.Select(task => (task.GetProperty("worker").GetString(), task.GetProperty("attempt").GetInt32(), task.GetProperty("maxAttempts").GetInt32())));
    }

    private static TaskDescription Attempt(string path) => new()
    {
        Path = path,
        Kind = "uses",
        Phase = TaskPhase.Running,
        Attempts = 4,
        Attempt = 2,
        MaxAttempts = 3,
        Wait = TaskWait.Worker,
        WaitsFor = "charge",
    };

    private static WorkflowDescription Described(WaitDescription[] waits, params TaskDescription[] tasks) => new()
    {
        Id = "r",
        RunId = Guid.Empty,
        Definition = new("d", 1, "0"),
        Status = WorkflowStatus.Running,
        Generation = 1,
        Input = Payload.Parse("{}"),
        StartedAt = Begun,
        UpdatedAt = Begun,
        Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
        Tasks = [.. tasks],
        Waits = [.. waits],
        Questions = [],
        Signals = [],
        Failures = [],
        ToUndo = [],
    };
}
