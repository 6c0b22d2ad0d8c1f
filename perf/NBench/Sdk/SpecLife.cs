using NBench.Metrics;
using NBench.Reporting;

namespace NBench.Sdk;

/// <summary>The life of one spec: a pre-warm-up, the warm-ups, the measured runs; it ends with the first that is faulted.</summary>
internal sealed class SpecLife(SpecMethod spec, BenchmarkSettings settings, IBenchmarkOutput output)
{
    private const int Estimations = 4;

    private readonly List<BenchmarkRunReport> _runs = [];
    private readonly List<Exception> _errors = [];
    private readonly OutputTrace _trace = new(output, settings.TracingEnabled);
    private WarmupData _warmup;

    /// <summary>Runs it.</summary>
    public BenchmarkFinalResults Run()
    {
        if (!PreWarmUp(out var calls) || (!settings.SkipWarmups && !Repeat(calls, isWarmup: true)))
        {
            return Results();
        }

        Repeat(calls, isWarmup: false);
        return Results();
    }

    private bool PreWarmUp(out long calls)
    {
        calls = 1;
        if (settings.RunMode == RunMode.Iterations)
        {
            return Estimate((_, _) => true) is not null;
        }

        var (elapsed, done) = (TimeSpan.Zero, 0L);
        for (var loop = 0; loop < Estimations; loop++)
        {
            if (Estimate((_, spent) => spent >= settings.RunTime / 10) is not { } data)
            {
                return false;
            }

            (elapsed, done) = loop == 0 ? (elapsed, done) : (elapsed + data.Elapsed, done + data.Calls);
        }

        calls = new WarmupData(elapsed, done).CallsIn(settings.RunTime);
        return true;
    }

    private WarmupData? Estimate(Func<long, TimeSpan, bool> isEnough)
    {
        var execution = new Execution(spec, settings, _warmup, _trace);
        var report = execution.Run(isEnough);
        _errors.AddRange(report.Exceptions);
        _warmup = new(report.Elapsed, execution.Calls);
        return report.IsFaulted ? null : _warmup;
    }

    private bool Repeat(long calls, bool isWarmup)
    {
        for (var run = 0; run < settings.NumberOfIterations; run++)
        {
            var report = new Execution(spec, settings, _warmup, _trace).Run((done, _) => done >= calls);
            _errors.AddRange(report.Exceptions);
            output.WriteRun(report, isWarmup);
            if (!isWarmup)
            {
                _runs.Add(report);
            }

            if (report.IsFaulted)
            {
                return false;
            }
        }

        return true;
    }

    private BenchmarkFinalResults Results()
    {
        var sound = _runs.Where(run => !run.IsFaulted).ToList();
        var stats = settings.Collectors.Keys.Where(_ => sound.Count > 0).ToDictionary(
            name => name,
            name => new AggregateMetrics(name, [.. sound.Select(run => run.Metrics[name])]));
        var results = new BenchmarkResults(spec.Name, settings, _runs, _errors, stats);
        return new(results, settings.TestMode == TestMode.Test ? Check(stats) : []);
    }

    private List<AssertionResult> Check(Dictionary<MetricName, AggregateMetrics> stats) =>
    [
        .. settings.Measurements
            .Where(setting => setting.Assertion != Assertion.Empty && stats.ContainsKey(setting.MetricName))
            .Select(setting => Check(setting, stats[setting.MetricName])),
    ];

    private static AssertionResult Check(IBenchmarkSetting setting, AggregateMetrics metric)
    {
        var isTotal = setting.AssertionType == AssertionType.Total;
        var average = (isTotal ? metric.Stats : metric.PerSecondStats).Average;
        var message = $"Expected {setting.MetricName} to {setting.Assertion.Describe(metric.Unit)}; actual value was {Assertion.Number(average)} {metric.Unit}.";
        return new(setting.MetricName, message, setting.Assertion.Test(average));
    }

    private sealed class OutputTrace(IBenchmarkOutput output, bool isEnabled) : IBenchmarkTrace
    {
        public void Debug(string message) => Write("DEBUG", message);

        public void Info(string message) => Write("INFO", message);

        public void Warning(string message) => Write("WARNING", message);

        public void Error(Exception ex, string message) => Write("ERROR", $"{message} {ex}");

        public void Error(string message) => Write("ERROR", message);

        private void Write(string level, string message)
        {
            if (isEnabled)
            {
                output.WriteLine($"[{level}] {message}");
            }
        }
    }
}
