using System.Diagnostics;
using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Tasks.Processes;

namespace ActorFlow.Tasks.Tests;

/// <summary>Every case starts processes of its own length of sleep, and counts by it what is left.</summary>
public sealed class ProcessTreeTests
{
    private static int _next = (Environment.ProcessId % 100_000 * 1000) + 1_000_000;

    private readonly string _sleep = $"sleep {Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture)}";

    [LinuxFact]
    public async Task Cancelling_ends_children_and_grandchildren() =>
        await CancelOnceThereAre(4, $"{_sleep} & sh -c '{_sleep} & sh -c \"{_sleep} & wait\"; wait' & {_sleep}");

    [LinuxFact]
    public async Task Cancelling_ends_a_child_in_a_session_of_its_own() =>
        await CancelOnceThereAre(2, $"setsid {_sleep} & {_sleep}");

    [LinuxFact]
    public async Task Cancelling_ends_a_daemon_whose_parents_are_gone() =>
        await CancelOnceThereAre(2, $"(setsid sh -c '{_sleep} & exit' &) ; {_sleep}");

    [LinuxFact]
    public async Task Cancelling_ends_an_orphan_that_wiped_its_environment() =>
        await CancelOnceThereAre(2, $"(env -i {_sleep} &) ; {_sleep}");

    [LinuxFact]
    public async Task Cancelling_ends_what_ignores_a_polite_request() =>
        await CancelOnceThereAre(2, $"trap '' TERM; {_sleep} & {_sleep}");

    [LinuxFact]
    public async Task Cancelling_ends_a_tree_that_keeps_forking() =>
        await CancelOnceThereAre(1, $"trap '' TERM; while true; do (setsid {_sleep} &); done & {_sleep}");

    [LinuxFact]
    public async Task A_polite_request_lets_a_script_clean_up()
    {
        var file = Path.GetTempFileName();
        try
        {
            await CancelOnceThereAre(1, $"trap 'kill $!; echo cleaned > {file}; exit' TERM; {_sleep} & wait");

            Assert.Equal("cleaned\n", await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [LinuxFact]
    public async Task A_command_that_left_a_daemon_holding_its_output_still_completes()
    {
        var time = Stopwatch.StartNew();

        var output = await Run($"echo done; {_sleep} &", CancellationToken.None);

        Assert.Contains("\"value\":\"done\"", output.ToString());
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(10), $"took {time.Elapsed}");
        var daemon = Assert.Single(Sleepers());
        Process.GetProcessById(daemon).Kill();
    }

    [LinuxFact]
    public async Task The_command_runs_in_a_session_of_its_own_so_that_the_terminals_interrupt_is_the_workers()
    {
        var output = await Run("ps -o sid= -p $$ | tr -d ' '; echo $$", CancellationToken.None);

        var lines = output.ToDocument().RootElement.GetProperty("value").GetString()!.Split('\n');
        Assert.Equal(lines[0], lines[1]);
    }

    [LinuxFact]
    public async Task Cancelling_leaves_no_zombie()
    {
        using var cancel = new CancellationTokenSource();
        var run = Run($"echo $$ > /dev/null; exec {_sleep}", cancel.Token);
        await Eventually.IsTrueAsync(() => Sleepers().Count == 1);
        var pid = Sleepers().Single();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        await Eventually.IsTrueAsync(() => !Directory.Exists($"/proc/{pid}"));
    }

    private async Task CancelOnceThereAre(int count, string script)
    {
        using var cancel = new CancellationTokenSource();
        var run = Run(script, cancel.Token);
        await Eventually.IsTrueAsync(() => Sleepers().Count >= count);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run).WaitAsync(Eventually.Deadline);

        Assert.Empty(Sleepers());
    }

    private static async Task<Payload> Run(string script, CancellationToken cancellationToken) =>
        CommandOutput.Readable(await new ProcessHandler(new()).RunAsync(
            Payload.From(new { command = "sh", args = new[] { "-c", script } }), new RecordingContext(), cancellationToken));

    private List<int> Sleepers() =>
        [.. LinuxProcess.ReadAll().Select(process => process.Id).Where(id => CommandLine(id) == _sleep)];

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").TrimEnd('\0').Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
