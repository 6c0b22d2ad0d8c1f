using System.Diagnostics;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using NBench;
using NBench.Reporting;
using NBench.Reporting.Targets;
using NBench.Sdk;

namespace ActorFlow.Perf.Running;

/// <summary>Runs one spec through NBench and judges it.</summary>
/// <param name="session">What holds for all specs.</param>
/// <param name="progress">Where progress is shown.</param>
internal sealed class SpecRunner(Session session, Progress progress)
{
    private const string CounterPrefix = "[Counter] ";

    /// <summary>Runs a spec in this process.</summary>
    public SpecResult Run(Spec spec)
    {
        var run = new SpecRun(spec, session, progress);
        using var current = run.Begin();
        var begun = Stopwatch.GetTimestamp();
        // Concurrent, or NBench would pin this process to a single processor.
        var package = new TestPackage(spec.Type.Assembly, concurrent: true).AddInclude(spec.BenchmarkName);
        var runner = new QuietRunner(package, progress);
        runner.Execute();
        return Judge(spec, Empty(spec) with { WarmUpRounds = run.WarmUpRounds, IsWarm = run.IsWarm, Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds }, runner.Results);
    }

    /// <summary>What is known of a spec before it has run.</summary>
    public static SpecResult Empty(Spec spec) =>
        new() { Id = spec.Id, Name = spec.BenchmarkName, Description = spec.Description, Group = spec.Attribute.Group };

    private SpecResult Judge(Spec spec, SpecResult empty, IReadOnlyList<BenchmarkFinalResults> results)
    {
        if (results is not [{ Data: { } data }])
        {
            return empty with { Errors = ["NBench did not run it."] };
        }

        if (data.IsFaulted)
        {
            return empty with { Errors = [.. data.Exceptions.Select(error => CauseOf(error).Message).Distinct()] };
        }

        var metrics = Metrics(data, RoundLength.IsWindowed(spec, session.Quick)).ToList();
        var bars = spec.BarsOn(session.Database);
        List<string> errors =
        [
            .. metrics.Where(metric => metric.Values.Any(value => !double.IsFinite(value))).Select(metric => $"{metric.Name} has no value."),
            .. bars.Where(bar => metrics.All(metric => metric.Name != bar.Metric)).Select(bar => $"There is a bar for {bar.Metric}, which is not measured."),
        ];
        return errors.Count > 0
            ? empty with { Errors = errors }
            : empty with { Metrics = metrics, Bars = [.. bars.Select(bar => BarResult.Judge(bar, metrics.First(metric => metric.Name == bar.Metric)))] };
    }

    /// <summary>The package wraps what a spec throws, and says only in which part of it.</summary>
    private static Exception CauseOf(Exception error) => error is NBenchException { InnerException: { } cause } ? cause : error;

    private static IEnumerable<MetricResult> Metrics(BenchmarkResults data, bool windowed)
    {
        yield return new("time", "ms", MetricKind.Time, false, [.. data.Runs.Select(run => run.Elapsed.TotalMilliseconds)]);
        foreach (var (name, metric) in data.StatsByMetric)
        {
            var values = metric.Runs.Select(run => run.MetricValue).ToList();
            var word = name.ToHumanFriendlyString();
            if (name is MeasuredName own)
            {
                yield return new(word, own.Unit, own.Kind, own.MoreIsBetter, values);
            }
            else if (word.StartsWith(CounterPrefix, StringComparison.Ordinal))
            {
                var counter = word[CounterPrefix.Length..];
                List<double> perSecond = [.. metric.Runs.Select(run => run.MetricValuePerSecond)];
                yield return new(counter, metric.Unit, MetricKind.Count, false, values, Statistics.Of(perSecond));
                yield return new($"{counter}/s", "/s", MetricKind.Throughput, true, perSecond);
                if (windowed)
                {
                    yield return new($"{counter}/s for {RoundLength.Window.TotalSeconds:n0} s", "/s", MetricKind.Throughput, true, [perSecond[^1]]);
                }
            }
            else
            {
                yield return new(NameOf(word), metric.Unit, FigureAttribute.KindOf(metric.Unit), false, values);
            }
        }
    }

    // "TotalCollections [Gen2]" is "gc gen2" here.
    private static string NameOf(string word) => word.Replace("TotalCollections [", "gc ", StringComparison.Ordinal).TrimEnd(']').ToLowerInvariant();

    private sealed class QuietRunner(TestPackage package, Progress progress) : TestRunner(package)
    {
        /// <summary>What the specs came to. NBench fills its own list only through the output that this one replaces.</summary>
        public List<BenchmarkFinalResults> Results { get; } = [];

        protected override IBenchmarkOutput CreateOutput() => new ActionBenchmarkOutput((_, _) => progress.Run(), Results.Add);
    }
}
