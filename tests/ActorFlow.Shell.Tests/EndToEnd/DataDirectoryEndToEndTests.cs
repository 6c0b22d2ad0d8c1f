using ActorFlow.Tasks.Tests;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The built command, and a data directory that others touch.</summary>
public sealed class DataDirectoryEndToEndTests : IDisposable
{
    private const string Sleeper =
        """
        name: sleeper
        tasks:
          nap: { uses: sleep, with: { for: 60s } }
        output: ok
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [UnixTheory]
    [InlineData("deleted")]
    [InlineData("moved")]
    [InlineData("its database deleted")]
    [InlineData("replaced")]
    public async Task A_run_whose_data_directory_is_lost_ends_within_seconds_with_one_line_and_3(string how)
    {
        using var running = await StartNapAsync("a");
        var data = _command.PathOf("data");
        switch (how)
        {
            case "deleted":
                Directory.Delete(data, recursive: true);
                break;
            case "moved":
                Directory.Move(data, data + "-moved");
                break;
            case "replaced":
                Directory.Move(data, data + "-moved");
                Directory.CreateDirectory(data);
                break;
            default:
                File.Delete(Path.Combine(data, "actorflow.db"));
                break;
        }

        // It notices within a second; the rest is for a busy machine.
        Assert.False(await running.RunsStillAfterAsync(TimeSpan.FromSeconds(15)));

        var end = await running.EndAsync();
        Assert.Equal(3, end.ExitCode);
        var line = Assert.Single(end.ErrorLines, line => line.StartsWith("actorflow: ", StringComparison.Ordinal));
        Assert.Contains(data, line);
        Assert.Contains("while this process used it", line);
        if (how is "moved")
        {
            Assert.False(Directory.Exists(data));
        }
    }

    [UnixFact]
    public async Task A_deleted_lock_file_lets_no_second_process_in()
    {
        using var first = await StartNapAsync("a");
        File.Delete(Path.Combine(_command.PathOf("data"), "actorflow.lock"));

        var second = await _command.RunAsync("run", "sleeper.yaml", "--id", "a", "--data", "data");

        Assert.Equal(3, second.ExitCode);
        Assert.Contains("is in use by process", Assert.Single(second.ErrorLines));
        Assert.True(await first.RunsStillAfterAsync(TimeSpan.FromMilliseconds(1500)));
    }

    [UnixFact]
    public async Task A_command_that_outlives_its_killed_node_does_not_keep_the_directory_locked()
    {
        _command.Write("outlive.yaml",
            """
            name: outlive
            tasks:
              a: { uses: process, with: { command: sh, args: [-c, "echo $$ > pid; if [ -e again ]; then echo done; else touch again; exec sleep 600; fi"] } }
            output: ok
            """);
        using (var first = _command.Start("run", "outlive.yaml", "--id", "o", "--data", "data"))
        {
            await ActorFlow.TestSupport.Eventually.HoldsAsync(() => _command.LinesOf("pid").Length == 1, "the command runs");
            first.Kill();
        }

        var pid = int.Parse(_command.LinesOf("pid")[0]);
        try
        {
            var second = await _command.RunAsync("run", "outlive.yaml", "--id", "o", "--data", "data");

            Assert.Equal((0, "\"ok\"\n"), (second.ExitCode, second.Out));
        }
        finally
        {
            KillIfItRuns(pid);
        }
    }

    private async Task<BuiltCommand.Running> StartNapAsync(string id)
    {
        _command.Write("sleeper.yaml", Sleeper);
        var running = _command.Start("run", "sleeper.yaml", "--id", id, "--data", "data");
        Assert.True(await running.UntilErrorAsync(lines => lines.Any(line => line.Contains("nap started"))));
        return running;
    }

    private static void KillIfItRuns(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // A later start may well have ended it.
        }
    }
}

public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Nobody can delete what a process has open." : null;
}
