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
        Assert.Equal(["done"], _command.LinesOf("kid.txt"));
    }
}
