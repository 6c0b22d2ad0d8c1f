using System.Text.RegularExpressions;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The verbs that speak to a node, as a user types them beside <c>actorflow dev</c>.</summary>
public sealed partial class NodeVerbsEndToEndTests : IDisposable
{
    private const int Terminate = 15;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task What_readme_shows_beside_a_node_is_what_happens()
    {
        _command.Write("hello.yaml", Readme.Blocks("yaml").First());
        using var node = _command.Start("dev", "--port", $"{LoopbackPort.Free()}", "--data", "data");
        var address = await AddressOfAsync(node);
        var lines = Readme.Blocks("sh", after: "**A node for others.**").First().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var last = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                Assert.Equal(line[2..], last);
                continue;
            }

            var words = Words().Matches(line).Select(word => word.Value.Trim('\'')).Skip(1).ToArray();
            // It is named by the variable where the line does not name it.
            using var running = _command.StartProgram("/usr/bin/env", [$"ACTORFLOW_ADDRESS={address}", BuiltCommand.ProgramPath, .. words]);
            var end = await running.EndAsync();
            last = end.Out.Trim();
            Assert.True(end.ExitCode == 0, $"{line}: {end.ExitCode} {end.Error}");
            Assert.NotEmpty(last);
        }

        Assert.Equal(5, lines.Length);
        Assert.Contains("run-completed", last, StringComparison.Ordinal);
        Assert.Contains($"actorflow workflow list --address {address}", node.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_watched_across_a_restart_of_its_node_without_a_gap_or_a_repeat()
    {
        _command.Write("waits.yaml", "name: waits\ntasks:\n  paid: { signal: paid }\noutput: ${{ tasks.paid.output }}\n");
        var port = LoopbackPort.Free();
        using var first = _command.Start("dev", "--port", $"{port}", "--data", "data");
        var address = await AddressOfAsync(first);
        Assert.Equal(0, (await _command.RunAsync("definition", "register", "waits.yaml", "--address", address)).ExitCode);
        Assert.Equal(0, (await _command.RunAsync("workflow", "start", "waits", "--id", "w", "--address", address)).ExitCode);
        using var watching = _command.Start("workflow", "watch", "w", "--address", address);
        await Eventually.HoldsAsync(() => watching.Out.Contains("signal-awaited", StringComparison.Ordinal), "the run is watched", TimeSpan.FromMinutes(1));

        first.Signal(Terminate);
        var ended = await first.EndAsync();
        using var next = _command.Start("dev", "--port", $"{port}", "--data", "data");
        await AddressOfAsync(next);
        var signalled = await _command.RunAsync("workflow", "signal", "w", "paid", "--payload", "12", "--address", address);
        var watched = await watching.EndAsync();
        var history = await _command.RunAsync("workflow", "history", "w", "--address", address);

        Assert.Equal((0, 0, 0), (ended.ExitCode, signalled.ExitCode, watched.ExitCode));
        Assert.Equal(history.Out, watched.Out);
        Assert.Contains("run-completed", watched.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_may_leave_and_the_run_goes_on_and_nothing_of_a_node_is_loaded()
    {
        _command.Write("waits.yaml", "name: waits\ntasks:\n  paid: { signal: paid }\n");
        using var node = _command.Start("dev", "--port", $"{LoopbackPort.Free()}", "--data", "data");
        var address = await AddressOfAsync(node);
        await _command.RunAsync("definition", "register", "waits.yaml", "--address", address);
        using var waiting = _command.Start("workflow", "start", "waits", "--id", "w", "--wait", "--address", address);
        await Eventually.HoldsAsync(() => waiting.ErrorLines.Count > 0, "the run is started", TimeSpan.FromMinutes(1));
        var loaded = OperatingSystem.IsLinux() ? await File.ReadAllTextAsync($"/proc/{waiting.Id}/maps") : "";

        waiting.Interrupt();
        var end = await waiting.EndAsync();
        var result = await _command.RunAsync("workflow", "result", "w", "--address", address);

        var line = $"actorflow workflow result w --wait --address {address}";
        Assert.Equal((130, ""), (end.ExitCode, end.Out));
        Assert.Equal(["w  waits@1  started", $"interrupted; the run goes on, wait for it with: {line}"], end.ErrorLines);
        Assert.Equal((5, $"actorflow: the run w has not ended; wait for it with: {line}"), (result.ExitCode, Assert.Single(result.ErrorLines)));
        Assert.DoesNotContain("/Akka", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("Sqlite", loaded, StringComparison.Ordinal);
    }

    private static async Task<string> AddressOfAsync(BuiltCommand.Running node)
    {
        await Eventually.HoldsAsync(() => node.Out.Contains("Try, in another terminal", StringComparison.Ordinal), "the node serves", TimeSpan.FromMinutes(1));
        return Address().Match(node.Out).Groups[1].Value;
    }

    [GeneratedRegex(@"is served at (http://[0-9.:]+)")]
    private static partial Regex Address();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Words();
}
