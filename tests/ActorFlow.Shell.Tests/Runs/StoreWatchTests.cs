using ActorFlow.Core.Definitions;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Shell.Runs;
using ActorFlow.TestSupport;

namespace ActorFlow.Shell.Tests.Runs;

/// <summary>A store that cannot write is shown, and is why a run that is interrupted ends with 3.</summary>
public sealed class StoreWatchTests : IDisposable
{
    private readonly ShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Trouble_is_told_to_the_display_within_seconds_and_so_is_its_end()
    {
        var health = new StoreHealth();
        using var plain = new StringWriter { NewLine = "\n" };
        var board = new LiveBoard(TimeProvider.System);
        await using var watch = new StoreWatch(health, new Both(new PlainProgress(plain), board), TimeProvider.System);

        health.Failed(this, "the disk is full");
        await Eventually.HoldsAsync(() => board.Look(1).StoreFailure == "the disk is full", "the board says it", TimeSpan.FromSeconds(5));
        health.Works(this);
        await Eventually.HoldsAsync(() => board.Look(1).StoreFailure is null, "the board says that it is over", TimeSpan.FromSeconds(5));

        Assert.Equal(
            "the store cannot write: the disk is full; the run waits, and goes on by itself once it can\nthe store can write again, and the run goes on\n",
            plain.ToString());
    }

    [Fact]
    public async Task A_run_interrupted_while_the_store_cannot_write_exits_with_3_and_says_how_to_go_on()
    {
        using var interrupt = new CancellationTokenSource();
        var error = new StringWriter { NewLine = "\n" };
        var runner = new ScriptedRunner
        {
            StoreWriteFailure = "the disk is full",
            Script = async (_, _, cancellationToken) =>
            {
                await interrupt.CancelAsync();
                return await new TaskCompletionSource<RunResult>().Task.WaitAsync(cancellationToken);
            },
        };
        var file = _session.Write("a.yaml", "name: a\ntasks:\n  t: { uses: echo }\n");
        var definitions = DefinitionReader.Read(await File.ReadAllTextAsync(file), file).Definitions;
        var flow = new RunFlow(new ShellConsole(TextReader.Null, TextWriter.Null, error, ErrorIsTerminal: false), runner, TimeProvider.System);

        var exitCode = await flow.RunAsync(
            new RunRequest(definitions, null, "o7", false, ".actorflow", null), new RunOptions(file, null, Quiet: false, AsJson: false), interrupt.Token);

        Assert.Equal(3, exitCode);
        Assert.Equal($"actorflow: interrupted while the store could not write: the disk is full; go on with: actorflow run {file} --id o7\n", error.ToString());
    }

    private sealed class Both(IRunProgress one, IRunProgress other) : IRunProgress
    {
        public void StoreFails(string? why)
        {
            one.StoreFails(why);
            other.StoreFails(why);
        }

        public void RunStarted(int tasks, int settled, bool resumed, DateTimeOffset startedAt) { }

        public void FailedBefore(string task) { }

        public void TaskWaiting(string task, DateTimeOffset until) { }

        public void Counted(int tasks, int settled) { }

        public void TaskStarted(string task, int attempt, DateTimeOffset at) { }

        public void TaskRetrying(string task, int attempt, string errorType, string message, TimeSpan wait, DateTimeOffset at) { }

        public void TaskEnded(string task, TaskEnd end, DateTimeOffset at, string? detail = null) { }
    }
}
