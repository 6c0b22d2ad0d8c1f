using System.Globalization;
using System.Text;
using ActorFlow.Perf.Baselines;
using ActorFlow.Perf.Results;
using static System.Net.WebUtility;

namespace ActorFlow.Perf.Reports;

/// <summary>A run as a page of its own: no script, nothing from a network, light and dark, on a telephone as well.</summary>
internal static class HtmlReport
{
    /// <summary>Writes a report.</summary>
    public static string Write(Report report)
    {
        var page = new StringBuilder();
        page.Append($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        page.Append($"<title>ActorFlow performance</title><style>{HtmlStyle.Css}</style></head><body>\n");
        Header(page, report);
        Bars(page, report);
        Comparison(page, report);
        page.Append("<h2>Every metric</h2><p class=\"muted\">Each dot is a measured run, the tick their median, the dashed line the bar (an arrow: it lies far off). The line: medians over the saved runs, this one last.</p>\n");
        foreach (var spec in report.Run.Specs.Where(spec => spec.Metrics.Count > 0))
        {
            Spec(page, spec, report);
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void Header(StringBuilder page, Report report)
    {
        var when = report.Run.CreatedUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        page.Append($"<h1>ActorFlow performance</h1><p class=\"summary {(report.IsGood ? "good" : "bad")}\">{HtmlEncode(report.Summary)}</p>");
        page.Append($"<p class=\"muted\">{HtmlEncode(report.Run.MachineLine)}<br/>{when} UTC{(report.Run.Commit is { } commit ? $", commit {HtmlEncode(commit)}" : "")}</p>\n");
        foreach (var spec in report.Run.Specs.Where(spec => spec.Faulted))
        {
            page.Append($"<p class=\"fault\"><b>{HtmlEncode(spec.Id)}</b> faulted: {HtmlEncode(string.Join("; ", spec.Errors))}</p>\n");
        }
    }

    private static void Bars(StringBuilder page, Report report)
    {
        page.Append("<h2>Bars</h2><table class=\"bars\"><thead><tr><th>spec</th><th>metric</th><th class=\"n\">median</th><th class=\"wide\">min to max</th><th>bar</th><th></th></tr></thead><tbody>\n");
        foreach (var spec in report.Run.Specs)
        {
            if (spec.Skipped is { } reason)
            {
                page.Append($"<tr class=\"muted\"><td>{Name(spec)}</td><td colspan=\"4\">{HtmlEncode(reason)}</td><td>skipped</td></tr>\n");
            }

            foreach (var bar in spec.Bars)
            {
                var metric = spec.Metric(bar.Metric)!;
                page.Append($"<tr><td class=\"spec\">{Name(spec)}</td><td class=\"metricname\">{HtmlEncode(metric.Name)}</td><td class=\"n\"><b>{Figure.Format(metric.Median)}</b> {HtmlEncode(metric.Unit)}</td>");
                page.Append($"<td class=\"wide\">{metric.Range}</td><td class=\"limitcell\">{HtmlEncode(bar.Message)}</td><td class=\"verdictcell\">{Verdict(report, spec, bar)}</td></tr>\n");
            }
        }

        page.Append("</tbody></table>\n");
    }

    private static void Comparison(StringBuilder page, Report report)
    {
        if (report.Comparison is not { } comparison)
        {
            return;
        }

        page.Append($"<h2>Against {HtmlEncode(report.Baseline)}</h2>\n");
        foreach (var (line, style) in comparison.Failures.Select(line => (line, "fault")).Concat(comparison.Notes.Select(line => (line, "muted"))).Concat(comparison.Added.Select(id => ($"{id} is new.", "muted"))))
        {
            page.Append($"<p class=\"{style}\">{HtmlEncode(line)}</p>\n");
        }

        var moved = comparison.Metrics.Where(metric => metric.IsRegression || metric.HasMoved).ToList();
        Compared(page, moved);
        page.Append($"<details><summary>{comparison.Metrics.Count - moved.Count} metrics moved by less than a tenth</summary>");
        Compared(page, comparison.Metrics.Except(moved));
        page.Append("</details>\n");
    }

    private static void Compared(StringBuilder page, IEnumerable<ComparedMetric> metrics)
    {
        page.Append("<div class=\"scroll\"><table><thead><tr><th>spec</th><th>metric</th><th class=\"n\">ratio</th><th class=\"n\">before</th><th class=\"n\">now</th><th></th></tr></thead><tbody>\n");
        foreach (var metric in metrics)
        {
            var verdict = metric is { IsRegression: true, Counts: true } ? "<span class=\"verdict bad\">regressed</span>" : HtmlEncode(metric.Verdict);
            page.Append($"<tr><td>{HtmlEncode(metric.Spec)}</td><td>{HtmlEncode(metric.Metric)}</td><td class=\"n\">{Figure.Ratio(metric.Ratio)}</td>");
            page.Append($"<td class=\"n\">{Figure.Format(metric.Before)} {HtmlEncode(metric.Unit)}</td><td class=\"n\">{Figure.Format(metric.Now)} {HtmlEncode(metric.Unit)}</td><td>{verdict}</td></tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Spec(StringBuilder page, SpecResult spec, Report report)
    {
        page.Append($"<section><h3>{HtmlEncode(spec.Id)} <small>{HtmlEncode(spec.Description)}</small></h3><p class=\"muted\">{Rounds(spec)}</p>\n");
        foreach (var metric in spec.Metrics)
        {
            var limit = spec.Bars.FirstOrDefault(bar => bar.Metric == metric.Name)?.Limit;
            var trend = report.History.Select(saved => (saved.Name, Metric: saved.Run.Spec(spec.Id)?.Metric(metric.Name)))
                .Where(saved => saved.Metric?.Unit == metric.Unit).Select(saved => (saved.Name, saved.Metric!.Median)).Append(("this run", metric.Median)).ToList();
            page.Append($"<div class=\"metric\"><div class=\"name\">{HtmlEncode(metric.Name)}</div><div class=\"value\"><b>{Figure.Format(metric.Median)}</b> {HtmlEncode(metric.Unit)}</div>");
            page.Append($"<div class=\"stats\">mean {Figure.Format(metric.Mean)} ± {Figure.Format(metric.StdDev)}, p95 {Figure.Format(metric.P95)}</div>");
            page.Append($"<div class=\"plot\">{DistributionPlot.Svg(metric.Values, metric.Median, limit)}</div><div class=\"plot trend\">{TrendPlot.Svg(trend, limit)}</div></div>\n");
        }

        page.Append("</section>\n");
    }

    private static string Rounds(SpecResult spec)
    {
        var measured = spec.Metrics[0].Values.Count is var count and > 1 ? $"{count} rounds" : "1 round";
        return spec.WarmUpRounds == 0 ? $"{measured}, the first time counts" : $"{measured} after {spec.WarmUpWord} to warm up{(spec.IsWarm ? "" : ", which did not agree yet")}";
    }

    private static string Name(SpecResult spec) => $"<b>{HtmlEncode(spec.Id)}</b><br/><span class=\"muted\">{HtmlEncode(spec.Description)}</span>";

    private static string Verdict(Report report, SpecResult spec, BarResult bar) =>
        $"<span class=\"verdict {(bar.Passed ? "good" : bar.Counts(spec, report.Run.Quick) ? "bad" : "muted")}\">{report.VerdictOf(spec, bar)}</span>";
}
