using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Tests.Running;

/// <summary>Specs without a node.</summary>
public sealed class SampleSpecs : PerfSpec
{
    public static int Executions { get; set; }

    public static double Value { get; set; } = 4;

    public static string? Fault { get; set; }

    public static byte[] Kept { get; private set; } = [];

    [PerfBenchmark(NumberOfIterations = 3, SkipWarmups = true, Description = "a sample")]
    [Spec("sample", Group = "samples")]
    [Figure("value", "ms"), CounterMeasurement("calls"), Allocated, GcPause, ResidentSet(Rss.Peak), ResidentSet(Rss.AtEnd), ResidentSet(Rss.Growth)]
    [GcMeasurement(GcMetric.TotalCollections, GcGeneration.Gen2)]
    [Bar("value", AtMost = 5, Store = "memory"), Bar("value", AtMost = 1, Store = "sqlite")]
    public void Sample() => Measure(() =>
    {
        Expect(Fault is null, $"{Fault}");
        Executions++;
        Context!.GetCounter("calls").Increment(10);
        Kept = new byte[1_000_000];
        Figures["value"] = Value;
        return Task.CompletedTask;
    });

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
    [Spec("sample-once", WarmUp = false, Quick = false)]
    [Figure("value", "ms")]
    public void Once() => Measure(() =>
    {
        Executions++;
        Figures["value"] = Value;
        return Task.CompletedTask;
    });

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
    [Spec("unset", WarmUp = false)]
    [Figure("value", "ms")]
    public void Unset() => Measure(() => Task.CompletedTask);

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
    [Spec("unmeasured", WarmUp = false)]
    [GcPause]
    [Bar("nothing", AtMost = 1)]
    public void Unmeasured() => Measure(() => Task.CompletedTask);

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
    [Spec("stuck", WarmUp = false, TimeoutSeconds = 1)]
    [GcPause]
    public void Stuck() => Measure(() => new TaskCompletionSource().Task);

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
    [Spec("dataless", Data = "no/such/file")]
    [GcPause]
    public void Dataless() => Measure(() => throw new InvalidOperationException("must not run"));

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
    [Spec("durable", WarmUp = false, Durable = true)]
    [GcPause]
    public void Durable() => Measure(() => Task.CompletedTask);
}
