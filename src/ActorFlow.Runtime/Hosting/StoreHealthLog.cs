using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Hosting;

/// <summary>
/// Logs that the store cannot write: when that begins, once a minute while it lasts, and when it is over. A fault that comes and goes
/// is not logged more often.
/// </summary>
internal sealed partial class StoreHealthLog : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly StoreHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _again;
    private long? _saidAt;
    private bool _said;

    public StoreHealthLog(PersistenceStore store, TimeProvider time, ILoggerFactory loggers)
    {
        _health = store.Health;
        _time = time;
        _log = loggers.CreateLogger("ActorFlow.Store");
        _again = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _health.Changed += OnChanged;
        Look();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _health.Changed -= OnChanged;
        _again.Dispose();
    }

    private void OnChanged(StoreWriteFailure? trouble) => Look();

    private void Look()
    {
        lock (_lock)
        {
            if (_health.WriteFailure is { IsLoss: true })
            {
                // The end of the node is logged elsewhere.
                _said = false;
            }
            else if (_health.WriteFailure is { } trouble)
            {
                Say(trouble);
            }
            else if (_said)
            {
                _said = false;
                Recovered(_log);
            }
        }
    }

    private void Say(StoreWriteFailure trouble)
    {
        var since = _saidAt is { } at ? _time.GetElapsedTime(at) : Interval;
        if (since >= Interval)
        {
            (_saidAt, _said, since) = (_time.GetTimestamp(), true, TimeSpan.Zero);
            Failing(_log, trouble.Reason, trouble.Lasted.TotalSeconds);
        }

        _again.Change(Interval - since, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store cannot write, for {Seconds:0} s now: {Reason}. What waits is tried again; nothing that is recorded is lost.")]
    private static partial void Failing(ILogger log, string reason, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store can write again.")]
    private static partial void Recovered(ILogger log);
}
