using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Baselines;

/// <summary>A metric now and in the baseline.</summary>
/// <param name="Spec">The spec's id.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Before">The baseline's median.</param>
/// <param name="Now">The median now.</param>
/// <param name="Counts">Whether a regression of it counts.</param>
/// <param name="IsRegression">Whether it moved beyond its threshold the wrong way.</param>
internal sealed record ComparedMetric(string Spec, string Metric, string Unit, double Before, double Now, bool Counts, bool IsRegression)
{
    /// <summary>Now by before.</summary>
    public double Ratio => Before.Equals(Now) ? 1 : Now / Before;

    /// <summary>Whether it moved by a tenth or more, whichever way.</summary>
    public bool HasMoved => Math.Abs(Now - Before) >= 0.1 * Math.Abs(Before) && !Before.Equals(Now);

    /// <summary>What it says in the table.</summary>
    public string Verdict => !IsRegression ? "" : Counts ? "REGRESSED" : "worse, does not count";
}

/// <summary>A run held against a baseline.</summary>
/// <param name="Metrics">What both have.</param>
/// <param name="Disappeared">Specs that only the baseline has: a failure.</param>
/// <param name="Added">Specs that only the run has.</param>
/// <param name="Notes">What makes the two hard to compare.</param>
internal sealed record Comparison(
    IReadOnlyList<ComparedMetric> Metrics, IReadOnlyList<string> Disappeared, IReadOnlyList<string> Added, IReadOnlyList<string> Notes)
{
    /// <summary>What decides against the run, a line each, the spec first.</summary>
    public IEnumerable<string> Failures =>
        Metrics.Where(metric => metric is { Counts: true, IsRegression: true })
            .Select(metric => $"{metric.Spec}: {metric.Metric} went from {Figure.Format(metric.Before)} to {Figure.Format(metric.Now)} {metric.Unit} ({Figure.Ratio(metric.Ratio)})")
            .Concat(Disappeared.Select(id => $"{id}: it was in the baseline and has not run"));

    /// <summary>Compares.</summary>
    /// <param name="baseline">What was.</param>
    /// <param name="run">What is. Of a quick one only allocations and counts count.</param>
    /// <param name="isMeant">Which of the baseline's specs should have run; the others are left out.</param>
    public static Comparison Of(PerfRun baseline, PerfRun run, Func<SpecResult, bool> isMeant)
    {
        var meant = baseline.Specs.Where(spec => isMeant(spec) && spec.Skipped is null).ToList();
        return new(
            [.. meant.SelectMany(before => run.Spec(before.Id) is { } now ? Compare(before, now, run.Quick) : [])],
            [.. meant.Where(before => run.Spec(before.Id) is null or { Skipped: not null }).Select(spec => spec.Id)],
            [.. run.Specs.Where(spec => baseline.Spec(spec.Id) is null).Select(spec => spec.Id)],
            [.. Differences(baseline, run), .. meant.SelectMany(before => NoLonger(before, run.Spec(before.Id)))]);
    }

    /// <summary>The table: ratios by spec and metric.</summary>
    public IEnumerable<string> Lines() => ResultTable.Align(
    [
        ["id", "metric", "before", "now", "ratio", ""],
        .. Metrics.Select(metric => (string[])
        [
            metric.Spec, metric.Metric, $"{Figure.Format(metric.Before)} {metric.Unit}", $"{Figure.Format(metric.Now)} {metric.Unit}",
            Figure.Ratio(metric.Ratio), metric.Verdict,
        ]),
    ], 2, 3, 4);

    private static IEnumerable<ComparedMetric> Compare(SpecResult before, SpecResult now, bool quick) =>
        from was in before.Metrics
        let isThere = now.Metric(was.Name)
        where isThere?.Unit == was.Unit
        let regressed = Threshold.Of(isThere.Kind).IsBeyond(was, isThere)
        select new ComparedMetric(now.Id, was.Name, was.Unit, was.Median, isThere.Median, !quick || BarResult.IsSteady(isThere.Kind), regressed);

    private static IEnumerable<string> NoLonger(SpecResult before, SpecResult? now) =>
        now is null or { Skipped: not null } or { Faulted: true } ? [] : before.Metrics.Where(metric => now.Metric(metric.Name)?.Unit != metric.Unit).Select(metric => $"{before.Id}: {metric.Name} is no longer measured in {metric.Unit}.");

    private static IEnumerable<string> Differences(PerfRun baseline, PerfRun run)
    {
        if (baseline.Store != run.Store)
        {
            yield return $"The baseline is of the store {baseline.Store}, this run of {run.Store}.";
        }

        if (baseline.Host != run.Host)
        {
            yield return $"The baseline is of another machine: {baseline.MachineLine}.";
        }

        if (baseline.Quick != run.Quick)
        {
            yield return $"The baseline is of a {(baseline.Quick ? "quick" : "full")} run, this one is not.";
        }
    }
}
