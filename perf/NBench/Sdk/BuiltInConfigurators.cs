using NBench.Collection;
using NBench.Metrics;

namespace NBench.Sdk;

internal sealed class CounterConfigurator : MeasurementConfigurator<CounterMeasurementAttribute>
{
    public override MetricName GetName(CounterMeasurementAttribute instance) => new CounterMetricName(instance.CounterName);

    public override MetricsCollectorSelector GetMetricsProvider(CounterMeasurementAttribute instance) =>
        new CounterSelector(new CounterMetricName(instance.CounterName));

    public override IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(CounterMeasurementAttribute instance)
    {
        var name = GetName(instance);
        yield return instance switch
        {
            CounterThroughputAssertionAttribute throughput => new BenchmarkSetting(name, AssertionType.Throughput,
                new Assertion(throughput.Condition, throughput.AverageOperationsPerSecond, throughput.MaxAverageOperationsPerSecond)),
            CounterTotalAssertionAttribute total => new BenchmarkSetting(name, AssertionType.Total,
                new Assertion(total.Condition, total.AverageOperationsTotal, total.MaxAverageOperationsTotal)),
            _ => new BenchmarkSetting(name, AssertionType.Total, Assertion.Empty),
        };
    }
}

internal sealed class GcConfigurator : MeasurementConfigurator<GcMeasurementAttribute>
{
    /// <summary>An attribute for each generation that it speaks of.</summary>
    public static IEnumerable<GcMeasurementAttribute> PerGeneration(GcMeasurementAttribute attribute) => attribute.Generation != GcGeneration.AllGc
        ? [attribute]
        : Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => attribute switch
        {
            GcThroughputAssertionAttribute a => new GcThroughputAssertionAttribute(a.Metric, (GcGeneration)generation, a.Condition, a.AverageOperationsPerSecond) { MaxAverageOperationsPerSecond = a.MaxAverageOperationsPerSecond },
            GcTotalAssertionAttribute a => new GcTotalAssertionAttribute(a.Metric, (GcGeneration)generation, a.Condition, a.AverageOperationsTotal) { MaxAverageOperationsTotal = a.MaxAverageOperationsTotal },
            _ => new GcMeasurementAttribute(attribute.Metric, (GcGeneration)generation),
        });

    public override MetricName GetName(GcMeasurementAttribute instance) => new GcMetricName(instance.Metric, instance.Generation);

    public override MetricsCollectorSelector GetMetricsProvider(GcMeasurementAttribute instance) =>
        BuiltInReadings.Collections(new GcMetricName(instance.Metric, instance.Generation));

    public override IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(GcMeasurementAttribute instance)
    {
        var name = GetName(instance);
        yield return instance switch
        {
            GcThroughputAssertionAttribute throughput => new BenchmarkSetting(name, AssertionType.Throughput,
                new Assertion(throughput.Condition, throughput.AverageOperationsPerSecond, throughput.MaxAverageOperationsPerSecond)),
            GcTotalAssertionAttribute total => new BenchmarkSetting(name, AssertionType.Total,
                new Assertion(total.Condition, total.AverageOperationsTotal, total.MaxAverageOperationsTotal)),
            _ => new BenchmarkSetting(name, AssertionType.Total, Assertion.Empty),
        };
    }
}

internal sealed class MemoryConfigurator : MeasurementConfigurator<MemoryMeasurementAttribute>
{
    public override MetricName GetName(MemoryMeasurementAttribute instance) => new MemoryMetricName(instance.Metric);

    public override MetricsCollectorSelector GetMetricsProvider(MemoryMeasurementAttribute instance) =>
        BuiltInReadings.HeapGrowth(new MemoryMetricName(instance.Metric));

    public override IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(MemoryMeasurementAttribute instance)
    {
        yield return new BenchmarkSetting(GetName(instance), AssertionType.Total, instance is MemoryAssertionAttribute assertion
            ? new Assertion(assertion.Condition, assertion.AverageBytes, assertion.MaxAverageBytes)
            : Assertion.Empty);
    }
}

internal sealed class TimingConfigurator : MeasurementConfigurator<TimingMeasurementAttribute>
{
    public override MetricName GetName(TimingMeasurementAttribute instance) => new TimingMetricName();

    public override MetricsCollectorSelector GetMetricsProvider(TimingMeasurementAttribute instance) => BuiltInReadings.Time(new TimingMetricName());

    public override IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(TimingMeasurementAttribute instance)
    {
        yield return new BenchmarkSetting(GetName(instance), AssertionType.Total, instance switch
        {
            ElapsedTimeAssertionAttribute { MinTimeMilliseconds: 0 } most => new Assertion(MustBe.LessThanOrEqualTo, most.MaxTimeMilliseconds, null),
            ElapsedTimeAssertionAttribute between => new Assertion(MustBe.Between, between.MinTimeMilliseconds, between.MaxTimeMilliseconds),
            _ => Assertion.Empty,
        });
    }
}
