using System.Diagnostics;
using System.Globalization;
using ActorFlow.TestSupport;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>What becomes of a run's commands when the process that runs it is told to end, or is killed; and where they run.</summary>
public sealed class CommandTreeEndToEndTests : IDisposable
{
    private const int HangUp = 1;
    private const int Quit = 3;
    private const int Interrupt = 2;

    private const string Orphan = """
        name: orphan
        tasks:
          a: { uses: process, with: { command: sh, args: ["-c", "echo $$ >> \"$1\"; exec sleep 600", x, "${{ input.f }}"] } }
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Theory]
    [InlineData(HangUp)]
    [InlineData(Quit)]
    public async Task A_signal_ends_the_run_s_commands_too_and_leaves_it_to_be_gone_on_with(int signal)
    {
        _command.Write("orphan.yaml", Orphan);
        using var running = _command.Start(Run());
        var command = await StartedAsync(1);

        running.Signal(signal);
        var end = await running.EndAsync();

        Assert.Equal(130, end.ExitCode);
        Assert.Contains("--id o1", end.Error);
        Assert.False(IsAlive(command));
    }

    [Fact]
    public async Task A_hang_up_that_is_ignored_as_nohup_has_it_does_not_end_the_run()
    {
        _command.Write("orphan.yaml", Orphan);
        using var running = _command.StartProgram("/bin/sh", ["-c", "trap '' HUP; exec \"$@\"", "sh", BuiltCommand.ProgramPath, .. Run()]);
        var command = await StartedAsync(1);

        running.Signal(HangUp);
        Assert.True(await running.RunsStillAfterAsync(TimeSpan.FromSeconds(1)));
        Assert.True(IsAlive(command));

        running.Signal(Interrupt);
        Assert.Equal(130, (await running.EndAsync()).ExitCode);
        Assert.False(IsAlive(command));
    }

    [Fact]
    public async Task What_a_killed_process_left_running_is_ended_before_it_runs_again()
    {
        _command.Write("orphan.yaml", Orphan);
        using var killed = _command.Start(Run());
        var left = await StartedAsync(1);
        killed.Kill();
        await killed.EndAsync();
        Assert.True(IsAlive(left));

        using var next = _command.Start(Run());
        var again = await StartedAsync(2);

        Assert.False(IsAlive(left));
        Assert.True(IsAlive(again));
        next.Signal(Interrupt);
        await next.EndAsync();
        Assert.False(IsAlive(again));
    }

    [Fact]
    public async Task A_relative_directory_is_that_of_the_first_start_wherever_the_run_is_gone_on_with()
    {
        Directory.CreateDirectory(_command.PathOf("in"));
        Directory.CreateDirectory(_command.PathOf("elsewhere/in"));
        _command.Write("where.yaml", """
            name: where
            tasks:
              paid: { signal: paid }
              a: { uses: process, with: { command: pwd, cwd: in }, needs: [paid] }
              b: { workflow: kid, needs: [a] }
            output: ["${{ tasks.a.output.value }}", "${{ tasks.b.output }}"]
            ---
            name: kid
            tasks:
              c: { uses: process, with: { command: pwd } }
            output: ${{ tasks.c.output.value }}
            """);
        var data = _command.PathOf("data");
        Assert.Equal(130, (await _command.RunAsync("run", "where.yaml", "--id", "w", "--data", data)).ExitCode);
        Assert.Equal(0, (await _command.RunAsync("signal", "w", "paid", "--data", data)).ExitCode);

        using var elsewhere = _command.StartProgram(
            "/bin/sh", "-c", "cd elsewhere && exec \"$@\"", "sh", BuiltCommand.ProgramPath, "run", "--id", "w", "--data", data);
        var end = await elsewhere.EndAsync();

        Assert.Equal(0, end.ExitCode);
        var here = Path.GetDirectoryName(_command.PathOf("in"))!;
        Assert.Equal($"[\"{here}/in\",\"{here}\"]", end.Out.Trim());
    }

    /// <summary>One that has ended and that nobody has asked for yet is not alive: who inherits it may take a while.</summary>
    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            var state = OperatingSystem.IsLinux() ? File.ReadAllText($"/proc/{id}/stat") : ") R";
            return !process.HasExited && state[state.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            return false;
        }
    }

    private string[] Run() => ["run", "orphan.yaml", "--id", "o1", "--input", $$"""{"f":"{{_command.PathOf("pids")}}"}"""];

    /// <summary>The number of the command that was started as the nth.</summary>
    private async Task<int> StartedAsync(int nth)
    {
        await Eventually.HoldsAsync(() => _command.LinesOf("pids").Length >= nth, $"the command is started {nth} times");
        Assert.Equal(nth, _command.LinesOf("pids").Length);
        return int.Parse(_command.LinesOf("pids")[nth - 1], CultureInfo.InvariantCulture);
    }
}
