using System.Security.Cryptography;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Taking, loading and listing checkpoints, by size and number.</summary>
public sealed class CheckpointSpecs : NodeSpec
{
    private const int Samples = 20;

    // What "0.4 KB" may be: the first has 0.3, and each names those before it and remembers their commands, by 46 bytes a name.
    private const int LeastOfSmall = 250;
    private const int MostOfSmall = 400 + (46 * Samples);

    // So little is allocated up to 1 KB that what the node does beside it shows: no gate (4 to 7 % from run to run).
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create a checkpoint of 0.4 KB")]
    [Spec("C1", Group = "checkpoints")]
    [Figure("create", "ms"), Allocated(Varies = true)]
    [Bar("create", AtMost = 1, Store = "sqlite")]
    public void Create() => CreateAndLoad(0, 0);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "load a checkpoint of 0.4 KB")]
    [Spec("C2", Group = "checkpoints")]
    [Figure("load", "ms"), Allocated(Varies = true)]
    [Bar("load", AtMost = 1, Store = "sqlite")]
    public void Load() => CreateAndLoad(0, 0);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create and load a checkpoint of 1 KB")]
    [Spec("C5-1KB", Group = "checkpoints")]
    [Figure("create", "ms"), Figure("load", "ms"), Allocated(Varies = true)]
    [Bar("create", AtMost = 5, Store = "sqlite"), Bar("load", AtMost = 5, Store = "sqlite")]
    public void Kilobyte() => CreateAndLoad(1, 1_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create and load a checkpoint of 10 KB")]
    [Spec("C5-10KB", Group = "checkpoints")]
    [Figure("create", "ms"), Figure("load", "ms"), Allocated]
    [Bar("create", AtMost = 5, Store = "sqlite"), Bar("load", AtMost = 5, Store = "sqlite")]
    public void TenKilobytes() => CreateAndLoad(5, 2_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create and load a checkpoint of 100 KB")]
    [Spec("C5-100KB", Group = "checkpoints")]
    [Figure("create", "ms"), Figure("load", "ms"), Allocated]
    [Bar("create", AtMost = 5, Store = "sqlite"), Bar("load", AtMost = 5, Store = "sqlite")]
    public void HundredKilobytes() => CreateAndLoad(20, 5_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create and load a checkpoint of 1 MB")]
    [Spec("C5-1MB", Group = "checkpoints")]
    [Figure("create", "ms"), Figure("load", "ms"), Allocated]
    [Bar("create", AtMost = 25, Store = "sqlite"), Bar("load", AtMost = 25, Store = "sqlite")]
    public void Megabyte() => CreateAndLoad(50, 20_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "100 checkpoints of one run, all kept and listed")]
    [Spec("C6-100", Group = "checkpoints")]
    [Figure("create each", "ms"), Figure("list", "ms"), Allocated]
    [Bar("create each", AtMost = 1, Store = "sqlite"), Bar("list", AtMost = 100, Store = "sqlite")]
    public void Hundred() => KeepMany(100);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "1,000 checkpoints of one run, all kept and listed")]
    [Spec("C6-1000", Group = "checkpoints", WarmUp = false, Quick = false)]
    [Figure("create each", "ms"), Figure("list", "ms"), Allocated]
    [Bar("create each", AtMost = 1, Store = "sqlite"), Bar("list", AtMost = 1_000, Store = "sqlite")]
    public void Thousand() => KeepMany(1_000);

    private void CreateAndLoad(int parts, int bytes) => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Holding(parts)).ConfigureAwait(false);
        // Text that does not compress to nothing.
        var input = Payload.From(new { parts = Enumerable.Range(0, parts).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(bytes / 2))) });
        var id = await Node.Engine.StartAsync(definition, input).ConfigureAwait(false);
        var (create, load) = (new List<double>(), new List<double>());
        for (var sample = 0; sample < Samples; sample++)
        {
            RunImage? image = null;
            create.Add(await TimeAsync(() => Node.Engine.TakeCheckpointAsync(id, $"{sample}")).ConfigureAwait(false));
            load.Add(await TimeAsync(async () => image = (await Node.Engine.CheckpointAsync(id, $"{sample}").ConfigureAwait(false)).Image).ConfigureAwait(false));
            Expect(image is not null && image.WorkflowId == id && image.Input.Equals(input) && image.Bytes >= parts * bytes, $"checkpoint {sample} holds something else.");
        }

        // Held twice, as input and as outputs; larger ones are stored compressed, which leaves half of a hexadecimal digit.
        var (least, most) = parts == 0 ? (LeastOfSmall, MostOfSmall) : (parts * bytes / 2, (3 * parts * bytes) + MostOfSmall);
        await ExpectKeptAsync(id, Enumerable.Range(0, Samples).Select(sample => $"{sample}"), least, most).ConfigureAwait(false);
        await Node.Engine.TerminateAsync(id, "measured").ConfigureAwait(false);
        (Figures["create"], Figures["load"]) = (Statistics.Of(create).Median, Statistics.Of(load).Median);
    });

    private void KeepMany(int count) => Measure(async () =>
    {
        var names = Enumerable.Range(0, count).Select(number => $"c{number}").ToList();
        var definition = await Node.RegisterAsync(Holding(0)).ConfigureAwait(false);
        var id = await Node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        var create = new List<double>();
        foreach (var name in names)
        {
            create.Add(await TimeAsync(() => Node.Engine.TakeCheckpointAsync(id, name)).ConfigureAwait(false));
        }

        Figures["create each"] = Statistics.Of(create).Median;
        Figures["list"] = await TimeAsync(() => ExpectKeptAsync(id, names, 1, long.MaxValue)).ConfigureAwait(false);
        await Node.Engine.TerminateAsync(id, "measured").ConfigureAwait(false);
    });

    private async Task ExpectKeptAsync(string id, IEnumerable<string> names, long leastBytes, long mostBytes)
    {
        var kept = await Node.Engine.CheckpointsAsync(id).ConfigureAwait(false);
        var lost = names.Except(kept.Select(one => one.Name ?? "")).ToList();
        Expect(lost.Count == 0, $"{lost.Count} checkpoints are lost, {lost.FirstOrDefault()} among them.");
        var odd = kept.FirstOrDefault(one => one.Bytes < leastBytes || one.Bytes > mostBytes);
        Expect(odd is null, $"checkpoint {odd?.Name} has {odd?.Bytes} bytes instead of {leastBytes} to {mostBytes}.");
    }

    private static WorkflowDefinition Holding(int parts) => new()
    {
        Name = $"holding-{parts}",
        Tasks =
        [
            .. Enumerable.Range(0, parts).Select(part => new TaskDefinition
            {
                Id = $"p{part}",
                Kind = new TaskKind.Set(Payload.From(new { v = $"${{{{ input.parts[{part}] }}}}" })),
            }),
            .. Graphs.SignalWait().Tasks,
        ],
    };
}
