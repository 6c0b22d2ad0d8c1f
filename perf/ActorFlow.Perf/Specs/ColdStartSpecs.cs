using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>
/// The command as a process, from its start to its exit; in a full run as it is published, compiled ahead of time. It brings its own node, so
/// the store of the run does not matter.
/// </summary>
public sealed class ColdStartSpecs : PerfSpec
{
    private const string OneTask =
        """
        name: one
        tasks:
          hello: { uses: echo, with: { text: hello } }
        """;

    private string _program = "";
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
    [Bar("took", AtMost = 0.55)]
    public void RunOneTask() => Run("hello", "run", "one.yaml", "--quiet");

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "actorflow show RUN")]
    [Spec("cold-show", Group = "cold")]
    [Figure("took", "s")]
    [Bar("took", AtMost = 0.35)]
    public void Show() => Run("hello", "show", "one");

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "actorflow history RUN")]
    [Spec("cold-history", Group = "cold")]
    [Figure("took", "s")]
    [Bar("took", AtMost = 0.35)]
    public void History() => Run("started", "history", "one");

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        _directory = new();
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "one.yaml"), OneTask).ConfigureAwait(false);
        _program = SpecRun.Current.Session.Quick ? ActorFlowProcess.Program : await ActorFlowProcess.PublishedAsync().ConfigureAwait(false);
        await ActorFlowProcess.RunAsync(_program, _directory.Path, ["run", "one.yaml", "--id", "one", "--quiet"]).ConfigureAwait(false);
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
        Figures["took"] = await TimeAsync(async () => output = await ActorFlowProcess.RunAsync(_program, _directory!.Path, arguments).ConfigureAwait(false)).ConfigureAwait(false) / 1_000;
        Expect(output.Contains(expected, StringComparison.Ordinal), $"actorflow {arguments[0]} said {output}");
    });
}
