using System.Runtime.InteropServices;
using System.Text;

namespace NBench.Reporting.Targets;

/// <summary>Writes a Markdown file for each spec: <c>Namespace.Class+Method-TICKS.md</c>.</summary>
/// <param name="outputDirectory">Where to; it is made if it is missing.</param>
public class MarkdownBenchmarkOutput(string outputDirectory) : ResultsOnlyOutput
{
    /// <inheritdoc/>
    public override void WriteBenchmark(BenchmarkFinalResults results)
    {
        Directory.CreateDirectory(outputDirectory);
        File.WriteAllText(Path.Combine(outputDirectory, $"{results.BenchmarkName}-{DateTime.UtcNow.Ticks}.md"), Page(results));
    }

    private static string Page(BenchmarkFinalResults results)
    {
        var settings = results.Data.Settings;
        var page = new StringBuilder($"# {results.BenchmarkName}\n\n{settings.Description}\n\n### System Info\n```ini\n");
        page.Append($"OS={RuntimeInformation.OSDescription}\nProcessorCount={Environment.ProcessorCount}\nCLR={Environment.Version}\n```\n\n");
        page.Append($"### NBench Settings\n```ini\nRunMode={settings.RunMode}, TestMode={settings.TestMode}\nNumberOfIterations={settings.NumberOfIterations}\n```\n\n");
        Table(page, "Totals", results, metric => metric.Stats);
        Table(page, "Per-second Totals", results, metric => metric.PerSecondStats);
        foreach (var metric in results.Data.StatsByMetric.Values)
        {
            page.Append($"### Raw Data: {metric.Name}\n| Run | {metric.Unit} | {metric.Unit} / s |\n|---:|---:|---:|\n");
            foreach (var (run, index) in metric.Runs.Select((run, index) => (run, index)))
            {
                page.Append($"| {index + 1} | {ReportText.Number(run.MetricValue)} | {ReportText.Number(run.MetricValuePerSecond)} |\n");
            }

            page.Append('\n');
        }

        page.Append("## Benchmark Assertions\n");
        return page.AppendJoin('\n', results.AssertionResults.Select(one => $"* [{(one.Passed ? "PASS" : "FAIL")}] {one.Message}")).Append('\n').ToString();
    }

    private static void Table(StringBuilder page, string title, BenchmarkFinalResults results, Func<AggregateMetrics, BenchmarkStat> stat)
    {
        page.Append($"### {title}\n| Metric | Unit | Max | Average | Min | StdDev |\n|---|---|---:|---:|---:|---:|\n");
        foreach (var metric in results.Data.StatsByMetric.Values)
        {
            var (max, average, min, deviation) = (stat(metric).Max, stat(metric).Average, stat(metric).Min, stat(metric).StandardDeviation);
            page.Append($"| {metric.Name} | {metric.Unit} | {ReportText.Number(max)} | {ReportText.Number(average)} | {ReportText.Number(min)} | {ReportText.Number(deviation)} |\n");
        }

        page.Append('\n');
    }
}
