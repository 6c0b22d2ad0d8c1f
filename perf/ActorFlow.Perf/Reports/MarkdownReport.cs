using System.Text;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Reports;

/// <summary>A run as Markdown, for a pull request.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes a report.</summary>
    public static string Write(Report report)
    {
        var page = new StringBuilder($"### Performance: {report.Summary}\n\n{report.Run.MachineLine}\n\n");
        Comparison(page, report);
        page.Append("| id | spec | metric | median | min to max | bar | |\n|---|---|---|---:|---|---|---|\n");
        foreach (var spec in report.Run.Specs)
        {
            Rows(page, report, spec);
        }

        foreach (var spec in report.Run.Specs.Where(spec => spec.Faulted))
        {
            page.Append($"\n**{spec.Id} faulted**: {Cell(string.Join("; ", spec.Errors))}\n");
        }

        return page.ToString();
    }

    private static void Comparison(StringBuilder page, Report report)
    {
        if (report.Comparison is not { } comparison)
        {
            return;
        }

        foreach (var line in comparison.Notes.Concat(comparison.Failures.Select(failure => $"**Regression** {failure}")).Concat(comparison.Added.Select(id => $"{id} is new.")))
        {
            page.Append($"- {Cell(line)}\n");
        }

        page.Append($"\n<details><summary>Against {report.Baseline}</summary>\n\n| id | metric | before | now | ratio | |\n|---|---|---:|---:|---:|---|\n");
        foreach (var metric in comparison.Metrics)
        {
            page.Append($"| {Cell(metric.Spec)} | {Cell(metric.Metric)} | {Figure.Format(metric.Before)} {metric.Unit} | {Figure.Format(metric.Now)} {metric.Unit} | {Figure.Ratio(metric.Ratio)} | {metric.Verdict} |\n");
        }

        page.Append("\n</details>\n\n");
    }

    private static void Rows(StringBuilder page, Report report, SpecResult spec)
    {
        if (spec.Skipped is not null || spec.Faulted)
        {
            page.Append($"| {Cell(spec.Id)} | {Cell(spec.Description)} | | | | | {(spec.Faulted ? "**FAULTED**" : "skipped")} |\n");
        }

        foreach (var (metric, bar) in spec.Bars.Select(bar => (spec.Metric(bar.Metric)!, (BarResult?)bar))
            .Concat(spec.Bars.Count == 0 ? spec.Metrics.Where(metric => metric.Name == "time").Select(metric => (metric, (BarResult?)null)) : []))
        {
            page.Append($"| {Cell(spec.Id)} | {Cell(spec.Description)} | {Cell(metric.Name)} | {Figure.Format(metric.Median)} {metric.Unit} | {metric.Range} | {bar?.Message} | {(bar is null ? "" : report.VerdictOf(spec, bar) is "missed" ? "**MISSED**" : report.VerdictOf(spec, bar))} |\n");
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
