using ActorFlow.Core.Definitions;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Recorded executions of real workflows (WfFormat), imported and run: each task once, none before its parents.</summary>
public sealed class RecordedSpecs : NodeSpec
{
    private const string Folder = "../shared/data/wfinstances/";
    private const string TimeScale = "0.002";

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new(Slots: 4_096);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded 1000genome")]
    [Spec("recorded-1000genome", Group = "recorded", Quick = false, Data = Folder + "1000genome-chameleon-2ch-100k-001.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void Genome() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded BLAST")]
    [Spec("recorded-blast", Group = "recorded", Quick = false, Data = Folder + "blast-chameleon-small-002.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void Blast() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded BWA, the largest")]
    [Spec("recorded-bwa", Group = "recorded", Quick = false, Data = Folder + "bwa-chameleon-medium-001.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 1.5)]
    public void Bwa() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded Epigenomics")]
    [Spec("recorded-epigenomics", Group = "recorded", Quick = false, Data = Folder + "epigenomics-chameleon-hep-1seq-100k-001.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void Epigenomics() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded chain of 5")]
    [Spec("recorded-chain", Group = "recorded", Quick = false, Data = Folder + "helloworld-chain-5-chameleon.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void Chain() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded fork and join of 10")]
    [Spec("recorded-forkjoin", Group = "recorded", Quick = false, Data = Folder + "helloworld-forkjoin-10-chameleon.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void ForkJoin() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded Montage")]
    [Spec("recorded-montage", Group = "recorded", Quick = false, Data = Folder + "montage-chameleon-2mass-015d-001.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void Montage() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded RNA-Seq")]
    [Spec("recorded-rnaseq", Group = "recorded", Quick = false, Data = Folder + "rnaseq-dirt02-001.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void RnaSeq() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded seismology")]
    [Spec("recorded-seismology", Group = "recorded", Quick = false, Data = Folder + "seismology-chameleon-400p-001.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void Seismology() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded SRA search")]
    [Spec("recorded-srasearch", Group = "recorded", Quick = false, Data = Folder + "srasearch-chameleon-10a-001.json")]
    [Figure("run", "s"), CounterMeasurement(Tasks), Allocated]
    [Bar("run", AtMost = 5)]
    public void SraSearch() => Run();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recorded Montage at time scale 0.002: over 1.1 times its critical path")]
    [Spec("recorded-makespan", Group = "recorded", Quick = false, Data = Folder + "montage-chameleon-2mass-015d-001.json")]
    [Figure("run", "s"), Figure("over", "s"), CounterMeasurement(Tasks)]
    [Bar("over", AtMost = 1)]
    public void Makespan() => Run(TimeScale);

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync().ConfigureAwait(false);
        Node.Log.KeepsEntries = true;
    }

    private void Run(string timeScale = "0") => Measure(async () =>
    {
        var file = Path.Combine(ActorFlowProcess.Root, SpecRun.Current.Spec.Attribute.Data!);
        var definition = await Node.OnceAsync($"{file} {timeScale}", () => ImportAsync(file, timeScale)).ConfigureAwait(false);
        var reference = await Node.Engine.KeepAsync(definition).ConfigureAwait(false);
        var took = await RunAsync(reference, Payload.EmptyObject).ConfigureAwait(false);
        Node.Log.Check(definition.Tasks.ToDictionary(task => task.Id, task => task.Needs.Select(need => need.Task).ToArray()));
        Figures["run"] = took.TotalSeconds;
        Figures["over"] = Math.Max(0, took.TotalSeconds - (1.1 * CriticalPath(definition)));
    });

    private static async Task<WorkflowDefinition> ImportAsync(string file, string timeScale)
    {
        using var directory = new TemporaryDirectory();
        var imported = Path.Combine(directory.Path, "imported.yaml");
        await ActorFlowProcess.RunAsync(directory.Path, "import", "wfformat", file, "--time-scale", timeScale, "-o", imported).ConfigureAwait(false);
        await ActorFlowProcess.RunAsync(directory.Path, "validate", imported).ConfigureAwait(false);
        return DefinitionReader.Read(await File.ReadAllBytesAsync(imported).ConfigureAwait(false), imported).Main;
    }

    private static double CriticalPath(WorkflowDefinition definition)
    {
        var ends = new Dictionary<string, double>(StringComparer.Ordinal);
        var tasks = definition.Tasks.ToDictionary(task => task.Id, StringComparer.Ordinal);
        return definition.Tasks.Max(task => EndOf(task.Id));

        double EndOf(string id)
        {
            if (!ends.TryGetValue(id, out var end))
            {
                ends[id] = end = Seconds(tasks[id]) + tasks[id].Needs.Select(need => EndOf(need.Task)).DefaultIfEmpty().Max();
            }

            return end;
        }
    }

    private static double Seconds(TaskDefinition task)
    {
        using var with = ((TaskKind.Uses)task.Kind).With.ToDocument();
        return Duration.TryParse(with.RootElement.GetProperty("for").GetString(), out var duration) ? duration.TotalSeconds : 0;
    }
}
