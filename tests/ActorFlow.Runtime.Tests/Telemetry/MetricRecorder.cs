using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.TestSupport.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Telemetry;

/// <summary>Listens to the metrics of all nodes in the process, and tells them apart.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(object? Scope, string Name, double Value, string Tags)> _measured = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="fails">Whether it throws at everything that it hears.</param>
    public MetricRecorder(bool fails = false)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ActorFlowTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags, fails));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags, fails));
        _listener.Start();
    }

    /// <summary>The sum of a counter of one node for each set of tags: <c>a=1 b=2: 3</c>.</summary>
    public IEnumerable<string> Sums(TestHost host, string name) => Of(host, name)
        .GroupBy(measured => measured.Tags, measured => measured.Value)
        .Select(sums => $"{sums.Key}: {sums.Sum()}")
        .Order(StringComparer.Ordinal);

    /// <summary>The number of values of a histogram of one node for each set of tags.</summary>
    public IEnumerable<string> Counts(TestHost host, string name) => Of(host, name)
        .GroupBy(measured => measured.Tags)
        .Select(values => $"{values.Key}: {values.Count()}")
        .Order(StringComparer.Ordinal);

    /// <summary>The values of an instrument of one node.</summary>
    public IEnumerable<double> Values(TestHost host, string name) => Of(host, name).Select(measured => measured.Value);

    /// <summary>What the gauges of one node show now.</summary>
    public IEnumerable<string> Gauges(TestHost host, string name)
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return Sums(host, name);
    }

    public void Dispose() => _listener.Dispose();

    private IEnumerable<(object? Scope, string Name, double Value, string Tags)> Of(TestHost host, string name)
    {
        var scope = host.Services.GetRequiredService<IMeterFactory>();
        return _measured.Where(measured => measured.Scope == scope && measured.Name == name);
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, bool fails)
    {
        if (fails)
        {
            throw new InvalidOperationException("A listener that fails.");
        }

        _measured.Enqueue((
            instrument.Meter.Scope,
            instrument.Name,
            value,
            string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal))));
    }
}
