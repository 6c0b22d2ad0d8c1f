using System.Diagnostics;
using NBench.Metrics;
using NBench.Sdk;

namespace NBench.Collection;

/// <summary>Makes a collector from what reads the value.</summary>
internal sealed class ReadingSelector(MetricName name, string unit, Func<double> read) : MetricsCollectorSelector(name)
{
    public override MetricCollector Create(RunMode runMode, WarmupData warmup, IBenchmarkSetting setting) => new Reading(Name, unit, read);

    private sealed class Reading(MetricName name, string unit, Func<double> read) : MetricCollector(name, unit)
    {
        public override double Collect() => read();
    }
}

/// <summary>Reads the counter of the execution, which is made before the collector.</summary>
internal sealed class CounterSelector(CounterMetricName name) : MetricsCollectorSelector(name)
{
    public Counter NewCounter() => new(name);

    public static MetricCollector Create(Counter counter) => new Reading(counter);

    public override MetricCollector Create(RunMode runMode, WarmupData warmup, IBenchmarkSetting setting) => Create(NewCounter());

    private sealed class Reading(Counter counter) : MetricCollector(counter.Name, "operations")
    {
        public override double Collect() => counter.Current;
    }
}

/// <summary>How the built-in metrics are read.</summary>
internal static class BuiltInReadings
{
    public static MetricsCollectorSelector Collections(GcMetricName name) => name.Generation == GcGeneration.AllGc
        ? throw new NBenchException("All generations are not one metric.")
        : new ReadingSelector(name, "collections", () => GC.CollectionCount((int)name.Generation));

    public static MetricsCollectorSelector HeapGrowth(MemoryMetricName name) => new ReadingSelector(name, "bytes", () => GC.GetTotalMemory(false));

    public static MetricsCollectorSelector Time(TimingMetricName name) =>
        new ReadingSelector(name, "ms", () => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));
}
