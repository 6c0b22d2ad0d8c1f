using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Actor.Setup;

namespace ActorFlow.Runtime.Telemetry;

/// <summary>
/// The instruments of one node. Those of several nodes in one process share their names, and each belongs to the
/// <see cref="IMeterFactory"/> of its host.
/// </summary>
internal sealed class NodeMetrics : IDisposable
{
    // The buckets of most collectors are meant for milliseconds.
    private static readonly InstrumentAdvice<double> ShortTimes = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<double> LongTimes = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 86_400],
    };

    private static readonly InstrumentAdvice<long> Counts = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };

    private readonly Meter? _own;
    private readonly ConcurrentDictionary<string, BacklogGauge> _backlogs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SlotGauge> _slots = new(StringComparer.Ordinal);

    /// <summary>Makes the instruments of a node.</summary>
    /// <param name="factory">Makes the meter, and disposes it; null means that the meter belongs to this instance.</param>
    public NodeMetrics(IMeterFactory? factory)
        : this(
            factory is null
                ? new(ActorFlowTelemetry.MeterName, ActorFlowTelemetry.Version)
                : factory.Create(new MeterOptions(ActorFlowTelemetry.MeterName) { Version = ActorFlowTelemetry.Version }),
            owns: factory is null)
    {
    }

    private NodeMetrics(Meter meter, bool owns)
    {
        _own = owns ? meter : null;
        WorkflowsStarted = meter.CreateCounter<long>("actorflow.workflow.started", "{workflow}", "Runs that began.");
        WorkflowsEnded = meter.CreateCounter<long>("actorflow.workflow.ended", "{workflow}", "Runs that ended.");
        WorkflowDuration = meter.CreateHistogram<double>("actorflow.workflow.duration", "s", "The time from the start of a run to its end.", tags: null, LongTimes);
        Recoveries = meter.CreateCounter<long>("actorflow.workflow.recoveries", "{workflow}", "Runs that were read back from their journal.");
        Purged = meter.CreateCounter<long>("actorflow.workflow.purged", "{workflow}", "Runs that were deleted after their retention time.");
        Attempts = meter.CreateCounter<long>("actorflow.task.attempts", "{attempt}", "Attempts that ended on this worker.");
        AttemptDuration = meter.CreateHistogram<double>("actorflow.task.duration", "s", "The time from the start of a handler to its end.", tags: null, LongTimes);
        ScheduleToStart = meter.CreateHistogram<double>(
            "actorflow.task.schedule_to_start", "s", "The time from when an attempt could run to the start of its handler.", tags: null, LongTimes);
        AttemptsLost = meter.CreateCounter<long>("actorflow.task.lost", "{attempt}", "Attempts that were lost with their worker.");
        JournalWriteDuration = meter.CreateHistogram<double>(
            "actorflow.journal.write.duration", "s", "The time from when a row is given to the journal until it is durable.", tags: null, ShortTimes);
        JournalBatchSize = meter.CreateHistogram<long>(
            "actorflow.journal.batch.size", "{write}", "Writes that the store committed in one transaction.", tags: null, Counts);
        WatchDropped = meter.CreateCounter<long>("actorflow.watch.dropped", "{item}", "Items that were not sent to a slow reader of a watch.");
        AuditLost = meter.CreateCounter<long>("actorflow.audit.lost", "{entry}", "Entries of the audit that could not be written.");
        Backlog = meter.CreateObservableGauge<long>("actorflow.queue.backlog", ObserveBacklogs, "{attempt}", "Attempts that wait in a task queue.");
        BacklogAge = meter.CreateObservableGauge<double>(
            "actorflow.queue.backlog.age", ObserveAges, "s", "How long the oldest attempt in a task queue has waited.");
        Slots = meter.CreateObservableGauge<long>("actorflow.worker.slots", ObserveSlots, "{slot}", "Slots of a worker.");
    }

    /// <summary>The instruments where there is no node; nobody hears them.</summary>
    public static NodeMetrics None { get; } = Unheard();

    public Counter<long> WorkflowsStarted { get; }

    public Counter<long> WorkflowsEnded { get; }

    public Histogram<double> WorkflowDuration { get; }

    public Counter<long> Recoveries { get; }

    public Counter<long> Purged { get; }

    public Counter<long> Attempts { get; }

    public Histogram<double> AttemptDuration { get; }

    public Histogram<double> ScheduleToStart { get; }

    public Counter<long> AttemptsLost { get; }

    public Histogram<double> JournalWriteDuration { get; }

    public Histogram<long> JournalBatchSize { get; }

    public Counter<long> WatchDropped { get; }

    public Counter<long> AuditLost { get; }

    public ObservableGauge<long> Backlog { get; }

    public ObservableGauge<double> BacklogAge { get; }

    public ObservableGauge<long> Slots { get; }

    /// <summary>The instruments of the node of an ActorSystem.</summary>
    public static NodeMetrics Of(ActorSystem system) =>
        system.Settings.Setup.Get<NodeMetricsSetup>() is { HasValue: true, Value.Metrics: var metrics } ? metrics : None;

    /// <summary>A task queue of this node is observed from now on, in place of an earlier incarnation of it.</summary>
    public void Observe(BacklogGauge backlog) => _backlogs[backlog.Queue] = backlog;

    /// <summary>A task queue has stopped.</summary>
    public void Forget(BacklogGauge backlog) => _backlogs.TryRemove(new(backlog.Queue, backlog));

    /// <summary>The slots of a queue on this worker are observed from now on.</summary>
    public void Observe(SlotGauge slots) => _slots[slots.Queue] = slots;

    /// <summary>A worker host has stopped.</summary>
    public void Forget(SlotGauge slots) => _slots.TryRemove(new(slots.Queue, slots));

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();

    private static NodeMetrics Unheard()
    {
        // Instruments of a meter that was disposed are shown to no listener.
        var meter = new Meter(ActorFlowTelemetry.MeterName);
        meter.Dispose();
        return new(meter, owns: true);
    }

    private IEnumerable<Measurement<long>> ObserveBacklogs() =>
        _backlogs.Values.Select(backlog => new Measurement<long>(backlog.Waiting, new KeyValuePair<string, object?>(TagNames.Queue, backlog.Queue)));

    private IEnumerable<Measurement<double>> ObserveAges() =>
        _backlogs.Values.Select(backlog => new Measurement<double>(backlog.Age.TotalSeconds, new KeyValuePair<string, object?>(TagNames.Queue, backlog.Queue)));

    private IEnumerable<Measurement<long>> ObserveSlots() => _slots.Values.Where(slots => slots.Total > 0).SelectMany(slots =>
    {
        var used = Math.Min(slots.Used, slots.Total);
        return new[] { SlotsOf(slots.Queue, "used", used), SlotsOf(slots.Queue, "free", slots.Total - used) };
    });

    private static Measurement<long> SlotsOf(string queue, string state, int count) =>
        new(count, new KeyValuePair<string, object?>(TagNames.Queue, queue), new KeyValuePair<string, object?>(TagNames.SlotState, state));
}

/// <summary>How actors find the instruments of their node.</summary>
internal sealed class NodeMetricsSetup(NodeMetrics metrics) : Setup
{
    public NodeMetrics Metrics { get; } = metrics;
}
