using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>The command as a process, from its start to its exit. It brings its own node, so the store of the run does not matter.</summary>
public sealed class ColdStartSpecs : PerfSpec
{
    private const string OneTask =
        """
        name: one
        tasks:
          hello: { uses: echo, with: { text: hello } }
        """;

    private TemporaryDirectory? _directory;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "actorflow --version")]
    [Spec("cold-version", Group = "cold")]
    [Figure("took", "s")]
    [Bar("took", AtMost = 0.15)]
    public void Version() => Run("0.", "--version");

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "actorflow validate FILE")]
    [Spec("cold-validate", Group = "cold")]
    [Figure("took", "s")]
    [Bar("took", AtMost = 0.4)]
    public void Validate() => Run("", "validate", "one.yaml");

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "actorflow run FILE (one task)")]
    [Spec("cold-run", Group = "cold")]
    [Figure("took", "s")]
    [Bar("took", AtMost = 2)]
    public void RunOneTask() => Run("hello", "run", "one.yaml", "--quiet");

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        _directory = new();
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "one.yaml"), OneTask).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task ReleaseAsync()
    {
        _directory?.Dispose();
        return Task.CompletedTask;
    }

    private void Run(string expected, params string[] arguments) => Measure(async () =>
    {
        var output = "";
        Figures["took"] = await TimeAsync(async () => output = await ActorFlowProcess.RunAsync(_directory!.Path, arguments).ConfigureAwait(false)).ConfigureAwait(false) / 1_000;
        Expect(output.Contains(expected, StringComparison.Ordinal), $"actorflow {arguments[0]} said {output}");
    });
}
