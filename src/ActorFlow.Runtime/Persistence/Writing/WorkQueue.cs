using System.Diagnostics.CodeAnalysis;

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>
/// Hands work to a thread of a store, in order. The thread that waits sleeps at once, and does not spin first as that of a
/// <c>BlockingCollection</c> does. Safe for all threads.
/// </summary>
internal sealed class WorkQueue<T>
    where T : class
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = [];
    private int _waiting;
    private bool _isClosed;

    /// <summary>Whether it takes nothing more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Adds an item.</summary>
    /// <returns>False means that the queue is closed.</returns>
    public bool TryAdd(T item)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _items.Enqueue(item);
            if (_waiting > 0)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Takes the oldest item if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out T? item)
    {
        lock (_gate)
        {
            return _items.TryDequeue(out item);
        }
    }

    /// <summary>Takes the oldest item, and waits until there is one.</summary>
    /// <param name="item">The item.</param>
    /// <param name="atMost">How long to wait; infinite means until the queue is closed.</param>
    /// <returns>False means that the time has passed, or that the queue is closed and empty.</returns>
    public bool TryTake([NotNullWhen(true)] out T? item, TimeSpan atMost)
    {
        lock (_gate)
        {
            while (!_items.TryDequeue(out item))
            {
                if (_isClosed || !WaitsLonger(atMost))
                {
                    return _items.TryDequeue(out item);
                }
            }

            return true;
        }
    }

    /// <summary>Takes nothing more; what is in it can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool WaitsLonger(TimeSpan atMost)
    {
        _waiting++;
        try
        {
            return Monitor.Wait(_gate, atMost);
        }
        finally
        {
            _waiting--;
        }
    }
}
