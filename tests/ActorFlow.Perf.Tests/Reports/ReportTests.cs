using System.Text.RegularExpressions;
using System.Xml.Linq;
using ActorFlow.Perf.Baselines;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Reports;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void The_page_is_well_formed_and_complete()
    {
        var page = XDocument.Parse(HtmlReport.Write(Whole())).Root!;

        var text = page.Value;
        Assert.All(new[] { "Some OS", "synchronous=FULL", "one", "about one", "a wrong <answer>", "no data", "≤ 5 ms", "missed", "met", "regressed", "gone is gone" }
            .Where(word => word != "gone is gone"), word => Assert.Contains(word, text));
        Assert.Contains("gone: it was in the baseline", text);
        Assert.Contains("5 rounds after 3 to warm up", text);
        Assert.Contains("1 round after 12+ to warm up, which did not agree yet", text);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere_and_no_script()
    {
        var page = HtmlReport.Write(Whole());

        Assert.DoesNotMatch(new Regex("https?:|src=|href=|@import|url\\(|<script|<link", RegexOptions.IgnoreCase), page);
        Assert.Contains("prefers-color-scheme: dark", page);
        Assert.Contains("name=\"viewport\"", page);
    }

    [Fact]
    public void Every_run_is_a_dot_and_every_saved_run_a_point()
    {
        var plots = XDocument.Parse(HtmlReport.Write(Whole())).Descendants("svg").ToList();

        var dots = plots.Single(svg => svg.Descendants("circle").Count() == 5);
        Assert.Single(dots.Descendants("line"), line => (string?)line.Attribute("class") == "limit");
        var trend = plots.Single(svg => svg.Descendants("polyline").Any());
        Assert.Equal(3, ((string)trend.Descendants("polyline").Single().Attribute("points")!).Split(' ').Length);
        Assert.Equal("first 4, second 6, this run 5", trend.Element("title")!.Value);
    }

    [Theory]
    [InlineData(new double[] { 5, 5, 5 }, 5, null)]
    [InlineData(new double[] { 0, 0 }, 0, 0.0)]
    [InlineData(new double[] { 1, 2, 3 }, 2, 1_000.0)]
    [InlineData(new double[] { -1, 2, 3 }, 2, 1.5)]
    public void A_plot_stays_inside_its_box(double[] values, double median, double? limit)
    {
        var svg = XElement.Parse(DistributionPlot.Svg(values, median, limit));

        var places = svg.Descendants("circle").Select(dot => (double)dot.Attribute("cx")!).Concat(svg.Descendants("line").Select(line => (double)line.Attribute("x1")!)).ToList();
        Assert.All(places, place => Assert.InRange(place, 0, 320));
        Assert.Equal(values.Length, svg.Descendants("circle").Count());
    }

    [Fact]
    public void A_single_point_is_no_trend() => Assert.Equal("", TrendPlot.Svg([("this run", 1)], null));

    [Fact]
    public void Markdown_has_a_row_for_each_bar_and_keeps_its_columns()
    {
        var lines = MarkdownReport.Write(Whole()).Split('\n');

        Assert.Contains("### Performance: 1 of 2 bars met, 1 specs faulted, 2 regressions against first", lines);
        Assert.Contains("| one | about one | time | 5 ms | 3 to 7 | ≤ 5 ms | met |", lines);
        Assert.Contains("| two | about \\| two | time | 8 ms | 1 round | ≤ 1 ms | **MISSED** |", lines);
        Assert.Contains("- **Regression** gone: it was in the baseline and has not run", lines);
        Assert.Contains("**three faulted**: a wrong <answer>", lines);
        Assert.All(lines.Where(line => line.StartsWith("| one", StringComparison.Ordinal)), line => Assert.InRange(Regex.Count(line, @"(?<!\\)\|"), 7, 8));
    }

    [Theory]
    [InlineData("report.html", "<!DOCTYPE html>")]
    [InlineData("report.md", "### Performance")]
    public async Task The_name_of_the_file_says_the_form(string name, string beginning)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"actorflow-report-{Guid.NewGuid():n}");
        try
        {
            await ReportFile.WriteAsync(Path.Combine(folder, name), Whole());

            Assert.StartsWith(beginning, await File.ReadAllTextAsync(Path.Combine(folder, name)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Report Whole()
    {
        var run = Sample.Run(
            Sample.Spec("one", Sample.Metric("time", MetricKind.Time, 3, 4, 5, 6, 7)).With(new("time") { AtMost = 5 }),
            Sample.Spec("two", Sample.Metric("time", MetricKind.Time, 8)).With(new("time") { AtMost = 1 }) with { Description = "about | two", WarmUpRounds = 12, IsWarm = false },
            Sample.Spec("three") with { Errors = ["a wrong <answer>"] },
            Sample.Spec("four") with { Skipped = "no data" });
        var first = Times(("one", 4), ("gone", 1), ("two", 1));
        return new(run, Comparison.Of(first, run, _ => true), "first", [("first", Times(("one", 4))), ("second", Times(("one", 6)))]);
    }

    private static PerfRun Times(params (string Id, double Time)[] specs) =>
        Sample.Run([.. specs.Select(spec => Sample.Spec(spec.Id, Sample.Metric("time", MetricKind.Time, spec.Time)))]);
}
