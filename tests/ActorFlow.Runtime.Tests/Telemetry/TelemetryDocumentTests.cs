using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Tests.Wire;

namespace ActorFlow.Runtime.Tests.Telemetry;

/// <summary><c>docs/telemetry.md</c> names exactly what there is.</summary>
public sealed partial class TelemetryDocumentTests
{
    private static readonly string[] Document = File.ReadAllLines(Path.Combine(GoldenFile.Root(), "docs", "telemetry.md"));

    [Fact]
    public void The_document_names_exactly_the_metrics_that_there_are_with_kind_and_unit()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Add(instrument) };
        listener.Start();
        using var metrics = new NodeMetrics(factory: null);

        Assert.Equal(
            instruments.Where(instrument => instrument.Meter == metrics.Backlog.Meter)
                .Select(instrument => $"{instrument.Name} {KindOf(instrument)} {instrument.Unit}").Order(StringComparer.Ordinal),
            RowsOf("## Metrics").Select(row => $"{Quoted(row[0])} {row[1]} {Quoted(row[2])}").Order(StringComparer.Ordinal));

        void Add(Instrument instrument)
        {
            lock (instruments)
            {
                instruments.Add(instrument);
            }
        }
    }

    [Fact]
    public void The_document_names_exactly_the_spans_that_there_are() =>
        Assert.Equal(Constants(typeof(SpanNames)), RowsOf("## Spans").Select(row => Quoted(row[0])).Order(StringComparer.Ordinal));

    [Fact]
    public void The_document_names_exactly_the_tags_that_there_are() =>
        Assert.Equal(
            Constants(typeof(TagNames)),
            RowsOf("## Metrics").Concat(RowsOf("## Spans")).SelectMany(row => Code().Matches(row[3])).Select(tag => tag.Groups[1].Value)
                .Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_document_names_the_source_and_the_meter()
    {
        Assert.Contains($"both named `{ActorFlowTelemetry.MeterName}`", Document[2], StringComparison.Ordinal);
        Assert.Equal(ActorFlowTelemetry.MeterName, ActorFlowTelemetry.Source.Name);
        Assert.Equal(ActorFlowTelemetry.SourceName, ActorFlowTelemetry.Source.Name);
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal);

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "ObservableGauge" => "gauge",
        var kind => kind.ToLowerInvariant(),
    };

    /// <summary>The cells of the rows of the table under a heading.</summary>
    private static IEnumerable<string[]> RowsOf(string heading) => Document
        .SkipWhile(line => line != heading).Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray());

    private static string Quoted(string cell) => Code().Match(cell).Groups[1].Value;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
