namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>Children that go on without their parent: they begin, they end, and the command reaches them by their id.</summary>
public sealed class AbandonedChildEndToEndTests : IDisposable
{
    private const string Abandoner =
        """
        name: abandoner
        tasks:
          kid: { workflow: kid, parent-close: abandon }
          boom: { fail: "parent gives up" }
        ---
        name: kid
        tasks:
          wait: { delay: 500ms }
          work: { needs: wait, uses: process, with: { command: sh, args: ["-c", "echo done >> kid.txt"] } }
        output: well
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task A_child_begun_in_the_decision_that_ends_its_parent_runs_to_its_end_once()
    {
        _command.Write("abandoner.yaml", Abandoner);

        var end = await _command.RunAsync("run", "abandoner.yaml", "--id", "p");
        var child = await _command.RunAsync("run", "--id", "p/kid");

        Assert.Equal(1, end.ExitCode);
        Assert.Equal(["done"], _command.LinesOf("kid.txt"));
        Assert.Equal((0, "\"well\"\n"), (child.ExitCode, child.Out));
    }

    [Fact]
    public async Task One_that_waits_for_somebody_is_named_and_gone_on_with_by_its_id()
    {
        _command.Write("abandoner.yaml", Abandoner.Replace("{ delay: 500ms }", "{ signal: go }", StringComparison.Ordinal));

        var end = await _command.RunAsync("run", "abandoner.yaml", "--id", "p");
        var signal = await _command.RunAsync("signal", "p/kid", "go");
        var child = await _command.RunAsync("run", "abandoner.yaml", "--id", "p/kid");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(end.ErrorLines, line => line.Contains("actorflow run --id p/kid", StringComparison.Ordinal));
        Assert.Equal((0, 0), (signal.ExitCode, child.ExitCode));
        Assert.Equal("p/kid has the signal go; go on with: actorflow run --id p/kid", Assert.Single(signal.ErrorLines));
        Assert.Equal(["done"], _command.LinesOf("kid.txt"));
    }

    [Fact]
    public async Task What_is_said_to_a_child_names_the_topmost_run_that_waits_for_it()
    {
        _command.Write("w.yaml", """
            name: top
            tasks:
              mid: { workflow: mid, parent-close: abandon }
              boom: { fail: "gives up", if: "${{ input.stops }}" }
            ---
            name: mid
            tasks:
              low: { workflow: low }
            ---
            name: low
            tasks:
              one: { signal: one }
              ask: { needs: one, ask: { kind: text, prompt: "Well?" } }
            """);

        await _command.RunAsync("run", "w.yaml", "--id", "waits", "--input", """{"stops": false}""");
        await _command.RunAsync("run", "w.yaml", "--id", "left", "--input", """{"stops": true}""");
        var waits = await _command.RunAsync("signal", "waits/mid/low", "one");
        var signal = await _command.RunAsync("signal", "left/mid/low", "one");
        var asks = await _command.RunAsync("run", "--id", "left/mid");
        var answer = await _command.RunAsync("answer", "left/mid/low", "ask", "yes", "-o", "json");
        var end = await _command.RunAsync("run", "--id", "left/mid");

        Assert.EndsWith("go on with: actorflow run --id waits", Assert.Single(waits.ErrorLines), StringComparison.Ordinal);
        Assert.EndsWith("go on with: actorflow run --id left/mid", Assert.Single(signal.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(130, asks.ExitCode);
        Assert.Contains("\"next\":[\"actorflow run --id left/mid\"]", answer.Out, StringComparison.Ordinal);
        Assert.Equal(0, end.ExitCode);
    }

    [Fact]
    public async Task One_that_failed_after_its_parent_had_ended_is_retried_and_rewound_by_its_id()
    {
        _command.Write("abandoner.yaml", Abandoner
            .Replace("echo done", "test -f ok && echo done", StringComparison.Ordinal));
        await _command.RunAsync("run", "abandoner.yaml", "--id", "p");
        var failed = await _command.RunAsync("run", "--id", "p/kid");
        _command.Write("ok", "");

        var retried = await _command.RunAsync("retry", "p/kid");
        var rewound = await _command.RunAsync("rewind", "p/kid", "--to", "#1");

        Assert.Equal((1, 0, 0), (failed.ExitCode, retried.ExitCode, rewound.ExitCode));
        Assert.Equal(["done", "done"], _command.LinesOf("kid.txt"));
    }
}
