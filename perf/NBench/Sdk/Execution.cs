using System.Diagnostics;
using NBench.Collection;
using NBench.Metrics;
using NBench.Reporting;

namespace NBench.Sdk;

/// <summary>
/// One execution: a new instance, setup, a full collection, all collectors read, the body timed, all read again, and, whatever
/// happened, cleanup and dispose.
/// </summary>
internal sealed class Execution(SpecMethod spec, BenchmarkSettings settings, WarmupData warmup, IBenchmarkTrace trace)
{
    private readonly List<Exception> _errors = [];
    private readonly Dictionary<MetricName, MetricRunReport> _metrics = [];
    private TimeSpan _elapsed;

    /// <summary>How often the body has run.</summary>
    public long Calls { get; private set; }

    /// <summary>Runs it.</summary>
    /// <param name="isEnough">Whether the body has run often enough; asked after each call.</param>
    public BenchmarkRunReport Run(Func<long, TimeSpan, bool> isEnough)
    {
        object? instance = null;
        BenchmarkContext? context = null;
        var collectors = new List<MetricCollector>();
        try
        {
            context = Prepare(collectors);
            instance = Activator.CreateInstance(spec.Type)!;
            var (setup, body) = (SpecMethod.Bind(spec.Setup, instance), SpecMethod.Bind(spec.Body, instance));
            // As in the package, the body runs even when the setup has thrown.
            Try("SETUP", () => setup(context));
            Try("RUN", () => Measure(body, context, collectors, isEnough));
        }
        catch (Exception error)
        {
            Note(error);
        }
        finally
        {
            CleanUp(instance, context, collectors);
        }

        return new(_elapsed, _metrics, _errors);
    }

    private BenchmarkContext Prepare(List<MetricCollector> collectors)
    {
        var counters = new List<Counter>();
        foreach (var (name, selector) in settings.Collectors)
        {
            if (selector is CounterSelector counting)
            {
                counters.Add(counting.NewCounter());
                collectors.Add(CounterSelector.Create(counters[^1]));
            }
            else
            {
                collectors.Add(selector.Create(settings.RunMode, warmup, settings.Measurements.First(setting => setting.MetricName.Equals(name))));
            }
        }

        return new(counters, trace);
    }

    private void Measure(Action<BenchmarkContext> body, BenchmarkContext context, List<MetricCollector> collectors, Func<long, TimeSpan, bool> isEnough)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var before = collectors.ConvertAll(collector => collector.Collect());
        var begun = Stopwatch.GetTimestamp();
        try
        {
            do
            {
                body(context);
                Calls++;
            }
            while (!isEnough(Calls, Stopwatch.GetElapsedTime(begun)));
        }
        finally
        {
            _elapsed = Stopwatch.GetElapsedTime(begun);
            for (var i = 0; i < collectors.Count; i++)
            {
                var (name, unit, value) = (collectors[i].Name, collectors[i].UnitName, collectors[i].Collect() - before[i]);
                _metrics[name] = new(name, unit, value, _elapsed);
            }
        }
    }

    private void CleanUp(object? instance, BenchmarkContext? context, List<MetricCollector> collectors)
    {
        Try("CLEANUP", () =>
        {
            if (instance is not null)
            {
                SpecMethod.Bind(spec.Cleanup, instance)(context!);
            }
        });
        Try("CLEANUP", () => (instance as IDisposable)?.Dispose());
        collectors.ForEach(collector => Try("CLEANUP", collector.Dispose));
    }

    private void Try(string part, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            // The dollar sign is the package's.
            Note(new NBenchException($"Error occurred during ${spec.Name} {part}.", CauseOf(error)));
        }
    }

    private void Note(Exception error) => _errors.Add(CauseOf(error));

    private static Exception CauseOf(Exception error) =>
        error is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : error;
}
