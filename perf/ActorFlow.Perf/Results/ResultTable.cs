namespace ActorFlow.Perf.Results;

/// <summary>A run as lines of text: a line for each bar, and for a spec without bars its time.</summary>
internal static class ResultTable
{
    private const string Separator = "  ";

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(PerfRun run)
    {
        var rows = run.Specs.SelectMany(Rows).ToList();
        return Align([["id", "spec", "warm-up", "metric", "median", "min to max", "bar", "verdict"], .. rows], 2, 4);
    }

    /// <summary>Rows with columns of equal width; the first row is the head.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="numbers">Columns that stand to the right.</param>
    public static IEnumerable<string> Align(IReadOnlyList<string[]> rows, params int[] numbers)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return rows.Select(row => string.Join(Separator, row.Select((cell, column) =>
            numbers.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }

    private static IEnumerable<string[]> Rows(SpecResult spec)
    {
        if (spec.Skipped is { } reason)
        {
            return [[spec.Id, spec.Description, "", "", "", reason, "", "skipped"]];
        }

        if (spec.Faulted)
        {
            return [[spec.Id, spec.Description, spec.WarmUpWord, "", "", "", "", "FAULTED"]];
        }

        return spec.Bars.Count == 0
            ? spec.Metrics.Where(metric => metric.Name == "time").Select(metric => Row(spec, metric, "", ""))
            : spec.Bars.Select(bar => Row(spec, spec.Metric(bar.Metric)!, bar.Message, bar.Verdict));
    }

    private static string[] Row(SpecResult spec, MetricResult metric, string bar, string verdict) =>
    [
        spec.Id, spec.Description, spec.WarmUpWord, metric.Name, $"{Figure.Format(metric.Median)} {metric.Unit}", metric.Range, bar, verdict,
    ];
}
