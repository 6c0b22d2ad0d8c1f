using ActorFlow.Core.Definitions;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Tests.Runs;

public sealed class RunInterruptTests : IDisposable
{
    private readonly ShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData(null, null, "")]
    [InlineData("order-7", null, "order-7")]
    [InlineData("order-7", "my data", "order-7 --data 'my data'")]
    [InlineData("order-7", "it's", @"order-7 --data 'it'\''s'")]
    public async Task An_interrupted_run_says_how_to_go_on_and_exits_with_130(string? id, string? data, string rest)
    {
        using var interrupt = new CancellationTokenSource();
        var error = new StringWriter { NewLine = "\n" };
        var runner = new ScriptedRunner
        {
            Script = async (_, _, cancellationToken) =>
            {
                await interrupt.CancelAsync();
                return await new TaskCompletionSource<RunResult>().Task.WaitAsync(cancellationToken);
            },
        };
        var file = _session.Write("a.yaml", "name: a\ntasks:\n  t: { uses: echo }\n");
        var definitions = DefinitionReader.Read(await File.ReadAllTextAsync(file), file).Definitions;
        var request = new RunRequest(definitions, null, id ?? "made-up", id is null, data ?? ".actorflow", null);
        var flow = new RunFlow(new ShellConsole(TextReader.Null, TextWriter.Null, error, ErrorIsTerminal: false), runner, TimeProvider.System);

        var exitCode = await flow.RunAsync(request, new RunOptions(file, data, Quiet: false, AsJson: false), interrupt.Token);

        Assert.Equal(130, exitCode);
        Assert.Equal($"interrupted; go on with: actorflow run {file} --id {(id is null ? "made-up" : rest)}\n", error.ToString());
    }

    [Fact]
    public async Task The_first_signal_cancels_and_the_second_leaves()
    {
        var left = 0;
        using var interrupts = new Interrupts(() => left++, CancellationToken.None);
        var cancelled = new TaskCompletionSource();
        interrupts.Token.Register(cancelled.SetResult);

        interrupts.Signal();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, left);

        interrupts.Signal();
        Assert.Equal(1, left);
    }
}
