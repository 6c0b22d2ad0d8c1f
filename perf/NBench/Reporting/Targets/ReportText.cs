using NBench.Sdk;

namespace NBench.Reporting.Targets;

/// <summary>Runs and results as lines.</summary>
internal static class ReportText
{
    public static IEnumerable<string> Run(BenchmarkRunReport report, bool isWarmup)
    {
        yield return $"--------------- BEGIN {(isWarmup ? "WARMUP" : "RUN")} ---------------";
        yield return $"Elapsed: {report.Elapsed}";
        foreach (var metric in report.Metrics.Values)
        {
            yield return $"{metric.Name} - {metric.Unit}: {Number(metric.MetricValue)} ,{metric.Unit}: /s {Number(metric.MetricValuePerSecond)} , ns / {metric.Unit}: {Number(metric.NanosPerMetricValue)}";
        }
    }

    public static IEnumerable<string> Results(BenchmarkFinalResults results)
    {
        yield return $"--------------- RESULTS: {results.BenchmarkName} ---------------";
        if (results.Data.Settings.Description.Length > 0)
        {
            yield return results.Data.Settings.Description;
        }

        foreach (var metric in results.Data.StatsByMetric.Values)
        {
            yield return $"{metric.Name}: {Words(metric.Stats, metric.Unit, "")}";
            yield return $"{metric.Name}: {Words(metric.PerSecondStats, metric.Unit, " / s")}";
        }

        if (results.AssertionResults.Count > 0)
        {
            yield return "--------------- ASSERTIONS ---------------";
        }

        foreach (var assertion in results.AssertionResults)
        {
            yield return $"[{(assertion.Passed ? "PASS" : "FAIL")}] {assertion.Message}";
        }
    }

    public static string Number(double value) => Assertion.Number(value);

    private static string Words(BenchmarkStat stat, string unit, string per) =>
        $"Max{per}: {Number(stat.Max)} {unit}, Average{per}: {Number(stat.Average)} {unit}, Min{per}: {Number(stat.Min)} {unit}, StdDev{per}: {Number(stat.StandardDeviation)} {unit}";
}
