using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;
using ActorFlow.Runtime.Tasks.Secrets;
using ActorFlow.Runtime.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// What a worker node has and holds, however often its host actor starts anew: the handlers it offers, the attempts whose handlers
/// run, and the results that no run has acknowledged yet. One per node.
/// </summary>
internal sealed class WorkerNode
{
    private readonly ITaskObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile bool _healthy = true;
    private readonly HashSet<RunningAttempt> _occupied = [];
    private int _running;

    /// <summary>Creates the node.</summary>
    /// <param name="options">How it runs tasks.</param>
    /// <param name="registrations">The handlers it offers; of two with one name the later counts.</param>
    /// <param name="scopes">Where each attempt's services come from.</param>
    /// <param name="secrets">Where secrets come from.</param>
    /// <param name="observer">Who sees attempts come and go.</param>
    /// <param name="time">The time.</param>
    /// <param name="loggers">Where handlers log to.</param>
    public WorkerNode(
        WorkerOptions options,
        IEnumerable<TaskRegistration> registrations,
        IServiceScopeFactory scopes,
        ISecretSource secrets,
        ITaskObserver observer,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        Options = options;
        var handlers = new Dictionary<string, TaskRegistration>();
        foreach (var registration in registrations)
        {
            handlers[registration.Name] = registration;
        }

        Handlers = handlers.ToFrozenDictionary();
        HandlerNames = [.. handlers.Keys.Order(StringComparer.Ordinal)];
        Scopes = scopes;
        Secrets = secrets;
        Known = KnownSecrets.OfEnvironment();
        Outlet = new(Known, options.PayloadLimit, options.MessageLimit);
        Loggers = loggers;
        _observer = observer;
        _time = time;
        _log = loggers.CreateLogger<WorkerNode>();
    }

    /// <summary>How it runs tasks.</summary>
    public WorkerOptions Options { get; }

    /// <summary>The names of the handlers it offers, sorted.</summary>
    public ImmutableArray<string> HandlerNames { get; }

    /// <summary>Whether at most half of its slots are held by handlers that were asked to stop and did not.</summary>
    public bool IsHealthy => _healthy;

    /// <summary>How many handlers run, the abandoned ones included.</summary>
    public int Running => Volatile.Read(ref _running);

    internal FrozenDictionary<string, TaskRegistration> Handlers { get; }

    internal IServiceScopeFactory Scopes { get; }

    internal ISecretSource Secrets { get; }

    /// <summary>What is masked in all that leaves.</summary>
    internal KnownSecrets Known { get; }

    /// <summary>How whatever handlers say leaves.</summary>
    internal AttemptOutlet Outlet { get; }

    internal ILoggerFactory Loggers { get; }

    internal TimeProvider Time => _time;

    /// <summary>The instruments of the node.</summary>
    internal NodeMetrics Metrics { get; init; } = NodeMetrics.None;

    internal TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>The attempts leased to this node whose reports are not acknowledged. Touched by its host only.</summary>
    internal Dictionary<AttemptId, RunningAttempt> Held { get; } = [];

    /// <summary>The attempts whose handlers run, the abandoned ones included. Touched by its host only.</summary>
    internal IReadOnlyCollection<RunningAttempt> Occupied => _occupied;

    /// <summary>The newest incarnation of each queue that was answered: older ones are not obeyed. Touched by its host only.</summary>
    internal Dictionary<string, long> QueueEpochs { get; } = [];

    internal void Occupy(RunningAttempt attempt)
    {
        _occupied.Add(attempt);
        Volatile.Write(ref _running, _occupied.Count);
    }

    internal void Vacate(RunningAttempt attempt)
    {
        _occupied.Remove(attempt);
        Volatile.Write(ref _running, _occupied.Count);
    }

    internal void SetHealth(int abandoned, int slots)
    {
        var healthy = 2 * abandoned <= slots;
        if (healthy != _healthy)
        {
            _healthy = healthy;
            _log.Log(
                healthy ? LogLevel.Information : LogLevel.Error,
                "{Abandoned} of {Slots} slots are held by handlers that were asked to stop and did not.",
                abandoned,
                slots);
        }
    }

    internal void Observe<T>(RunningAttempt attempt, T fact, Action<ITaskObserver, ObservedAttempt, T> tell)
    {
        var order = attempt.Assignment.Order;
        try
        {
            tell(_observer, new(attempt.Assignment.WorkflowId, order.Path, order.Handler, order.Attempt), fact);
        }
        catch (Exception error)
        {
            _log.LogWarning(error, "The task observer threw.");
        }
    }
}

/// <summary>Sees nothing.</summary>
internal sealed class NoTaskObserver : ITaskObserver;
