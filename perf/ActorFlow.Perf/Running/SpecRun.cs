using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;

namespace ActorFlow.Perf.Running;

/// <summary>What holds for all specs of a run.</summary>
/// <param name="Database">Where runs are kept.</param>
/// <param name="Quick">Whether warming up may be cut short.</param>
internal sealed record Session(IDatabase Database, bool Quick);

/// <summary>
/// The spec that is being run. NBench makes an instance of the spec class for each execution and tells it nothing: what lasts from
/// execution to execution is here. One spec runs at a time.
/// </summary>
internal sealed class SpecRun(Spec spec, Session session, Progress progress)
{
    private static SpecRun? _current;

    /// <summary>The spec that is being run.</summary>
    /// <exception cref="InvalidOperationException">None is: specs are run by this program, not by NBench's runner.</exception>
    public static SpecRun Current => _current ?? throw new InvalidOperationException("No spec is being run; use this program's command line.");

    /// <summary>The spec.</summary>
    public Spec Spec { get; } = spec;

    /// <summary>What holds for all specs.</summary>
    public Session Session { get; } = session;

    /// <summary>Where progress is shown.</summary>
    public Progress Progress { get; } = progress;

    /// <summary>What the spec worked out.</summary>
    public Figures Figures { get; } = new();

    /// <summary>How many executions have begun; the first is NBench's pre-warm-up, which counts for nothing.</summary>
    public int Executions { get; set; }

    /// <summary>How often the body was repeated until it was warm.</summary>
    public int WarmUpRounds { get; set; }

    /// <summary>Whether the last two of them agreed; so, too, where there were none.</summary>
    public bool IsWarm { get; set; } = true;

    /// <summary>Whether this execution counts for nothing.</summary>
    public bool IsRehearsal => Executions <= 1;

    /// <summary>Whether this execution is the last one.</summary>
    public bool IsLast => Executions > Spec.Iterations;

    /// <summary>Makes it the current one until it is disposed.</summary>
    public IDisposable Begin()
    {
        _current = this;
        return new Ending();
    }

    private sealed class Ending : IDisposable
    {
        public void Dispose() => _current = null;
    }
}
