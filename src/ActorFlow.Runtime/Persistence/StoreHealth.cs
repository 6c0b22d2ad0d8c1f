using System.Diagnostics;

namespace ActorFlow.Runtime.Persistence;

/// <summary>What a store is struggling with.</summary>
/// <param name="Reason">What the disk or database said, in a user's words, without the full stop.</param>
/// <param name="IsDamage">Whether the database itself is damaged, or lost to this process: no later try will find it well.</param>
internal sealed record StoreWriteFailure(string Reason, bool IsDamage)
{
    /// <summary>Whether this process has lost the database: it was deleted, moved or replaced, and nothing is written any more. The default is no.</summary>
    public bool IsLoss { get; init; }

    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>For how long it has lasted.</summary>
    public TimeSpan Lasted => Stopwatch.GetElapsedTime(_began);
}

/// <summary>
/// Whether a store is well: from the first write that fails until one succeeds it is not. While nothing is to be written, the store tries
/// by itself once a second. Safe for all threads.
/// </summary>
internal sealed class StoreHealth
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, string> _failing = new(ReferenceEqualityComparer.Instance);
    private volatile StoreWriteFailure? _trouble;

    /// <summary>Why the store cannot write; null means that it can.</summary>
    public StoreWriteFailure? WriteFailure => _trouble;

    /// <summary>Raised when trouble begins, changes or is over, on the thread that met it: whoever is told must be quick, and never throws.</summary>
    public event Action<StoreWriteFailure?>? Changed;

    /// <summary>A writer could not write, and will try again.</summary>
    internal void Failed(object writer, string reason)
    {
        lock (_lock)
        {
            _failing[writer] = reason;
            Look();
        }
    }

    /// <summary>A writer that failed before writes again.</summary>
    internal void Works(object writer)
    {
        lock (_lock)
        {
            if (_failing.Remove(writer))
            {
                Look();
            }
        }
    }

    /// <summary>The database is damaged: that stays.</summary>
    internal void Damaged(string reason)
    {
        lock (_lock)
        {
            if (_trouble is not { IsDamage: true })
            {
                Say(new(reason, IsDamage: true));
            }
        }
    }

    /// <summary>The database was deleted, moved or replaced: that stays, whatever was found before.</summary>
    internal void Lost(string reason)
    {
        lock (_lock)
        {
            if (_trouble is not { IsLoss: true })
            {
                Say(new(reason, IsDamage: true) { IsLoss = true });
            }
        }
    }

    private void Look()
    {
        if (_trouble is { IsDamage: true })
        {
            return;
        }

        var reason = _failing.Count == 0 ? null : _failing.First().Value;
        if (reason != _trouble?.Reason)
        {
            Say(reason is null ? null : new(reason, IsDamage: false));
        }
    }

    private void Say(StoreWriteFailure? trouble)
    {
        _trouble = trouble;
        Changed?.Invoke(trouble);
    }
}
