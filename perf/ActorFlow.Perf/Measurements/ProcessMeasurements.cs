using ActorFlow.Perf.Nodes;

namespace ActorFlow.Perf.Measurements;

/// <summary>Processor seconds per 1,000 tasks, of this process and of the database's: the steadiest figure on a shared machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CpuAttribute : MeasuredAttribute
{
    /// <inheritdoc/>
    public override MeasuredName Metric { get; } = new("cpu/1000", "s", MetricKind.Cpu);

    /// <inheritdoc/>
    public override Func<double> Begin()
    {
        var (tasks, time) = (ExecutionLog.InProcess, ProcessorTime.Used());
        return () => (ProcessorTime.Used() - time).TotalSeconds / (ExecutionLog.InProcess - tasks) * 1_000;
    }
}

/// <inheritdoc/>
public sealed class CpuConfigurator : MeasuredConfigurator<CpuAttribute>;

/// <summary>What was allocated, on all threads.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllocatedAttribute : MeasuredAttribute
{
    /// <summary>Whether it moves by more than 3 % from run to run, for timing has a part in it: no gate looks at it then.</summary>
    public bool Varies { get; init; }

    /// <inheritdoc/>
    public override MeasuredName Metric => new("allocated", "KB", Varies ? MetricKind.Churn : MetricKind.Allocated);

    /// <inheritdoc/>
    public override Func<double> Begin()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        return () => (GC.GetTotalAllocatedBytes(precise: true) - before) / 1024.0;
    }
}

/// <inheritdoc/>
public sealed class AllocatedConfigurator : MeasuredConfigurator<AllocatedAttribute>;

/// <summary>Kilobytes allocated per task, end to end, on all threads.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllocatedPerTaskAttribute : MeasuredAttribute
{
    /// <summary>Whether it moves by more than 3 % from run to run, for timing has a part in it: no gate looks at it then.</summary>
    public bool Varies { get; init; }

    /// <inheritdoc/>
    public override MeasuredName Metric => new("allocated/task", "KB", Varies ? MetricKind.Churn : MetricKind.Allocated);

    /// <inheritdoc/>
    public override Func<double> Begin()
    {
        var (tasks, before) = (ExecutionLog.InProcess, GC.GetTotalAllocatedBytes(precise: true));
        return () => (GC.GetTotalAllocatedBytes(precise: true) - before) / 1024.0 / (ExecutionLog.InProcess - tasks);
    }
}

/// <inheritdoc/>
public sealed class AllocatedPerTaskConfigurator : MeasuredConfigurator<AllocatedPerTaskAttribute>;

/// <summary>How long everything stood still for the garbage collector.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GcPauseAttribute : MeasuredAttribute
{
    /// <inheritdoc/>
    public override MeasuredName Metric { get; } = new("gc pause", "ms", MetricKind.Tail);

    /// <inheritdoc/>
    public override Func<double> Begin()
    {
        var before = GC.GetTotalPauseDuration();
        return () => (GC.GetTotalPauseDuration() - before).TotalMilliseconds;
    }
}

/// <inheritdoc/>
public sealed class GcPauseConfigurator : MeasuredConfigurator<GcPauseAttribute>;
