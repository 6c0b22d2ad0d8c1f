using System.Text.Json;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Results;

public sealed class ResultFileTests
{
    private static PerfRun Whole => Sample.Run(
        Sample.Spec("a", Sample.Metric("time", MetricKind.Time, 3, 1, 2), Sample.Metric("tasks", MetricKind.Count, 10) with { PerSecond = Statistics.Of([5, 6]) }).With(new("time") { AtMost = 2 }),
        Sample.Spec("b") with { Errors = ["a wrong answer"] },
        Sample.Spec("c") with { Skipped = "no data" });

    [Fact]
    public void A_run_comes_back_as_it_was_written()
    {
        var written = ResultFile.Write(Whole);

        Assert.Equal(written, ResultFile.Write(ResultFile.Read(written)));
        Assert.Contains("\"values\": [ 3, 1, 2 ],", written);
        var metric = ResultFile.Read(written).Spec("a")!.Metric("time")!;
        Assert.Equal([3.0, 1.0, 2.0], metric.Values);
        Assert.Equal((2.0, MetricKind.Time), (metric.Median, metric.Kind));
        Assert.Equal(Statistics.Of([5, 6]), ResultFile.Read(written).Spec("a")!.Metric("tasks")!.PerSecond);
    }

    [Fact]
    public void The_file_has_the_documented_fields()
    {
        using var json = JsonDocument.Parse(ResultFile.Write(Whole));
        var root = json.RootElement;

        Assert.Equal(["schema", "createdUtc", "commit", "store", "durability", "quick", "host", "specs"], Names(root));
        Assert.Equal(["os", "cpus", "dotnet", "serverGc", "processor"], Names(root.GetProperty("host")));
        var spec = root.GetProperty("specs")[0];
        Assert.Superset(new HashSet<string> { "id", "name", "description", "faulted", "passed", "assertions", "metrics", "warmUpRounds" }, Names(spec).ToHashSet());
        Assert.Superset(new HashSet<string> { "metric", "passed", "message" }, Names(spec.GetProperty("assertions")[0]).ToHashSet());
        var metrics = spec.GetProperty("metrics");
        Assert.Superset(new HashSet<string> { "name", "unit", "values", "mean", "stddev", "min", "max", "median", "p95" }, Names(metrics[0]).ToHashSet());
        Assert.Superset(new HashSet<string> { "mean", "stddev", "min", "max", "median" }, Names(metrics[1].GetProperty("perSecond")).ToHashSet());
    }

    [Fact]
    public void A_field_that_a_later_version_added_is_no_error() =>
        Assert.Equal(3, ResultFile.Read(ResultFile.Write(Whole).Replace("\"schema\": 1,", "\"schema\": 2, \"later\": [1],")).Specs.Count);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    public void What_is_no_run_is_refused(string text) => Assert.Throws<JsonException>(() => ResultFile.Read(text));

    [Theory]
    [InlineData("\"values\": [ 3, 1, 2 ]", "\"values\": []")]
    [InlineData("\"values\": [ 3, 1, 2 ]", "\"values\": null")]
    [InlineData("\"id\": \"b\"", "\"id\": null")]
    [InlineData("\"store\": \"sqlite\"", "\"store\": null")]
    public void What_lacks_a_part_of_a_run_is_refused(string part, string instead)
    {
        var text = ResultFile.Write(Whole);
        Assert.Contains(part, text);

        Assert.Throws<JsonException>(() => ResultFile.Read(text.Replace(part, instead)));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
