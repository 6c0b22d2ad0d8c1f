using NBench.Metrics;

namespace NBench;

/// <summary>Counts what a spec gets done; any thread may count.</summary>
public sealed class Counter
{
    private long _current;

    internal Counter(CounterMetricName name) => Name = name;

    /// <summary>The metric that it is read as.</summary>
    public CounterMetricName Name { get; }

    /// <summary>Where it stands.</summary>
    public long Current => Interlocked.Read(ref _current);

    /// <summary>One more.</summary>
    public void Increment() => Interlocked.Increment(ref _current);

    /// <summary>So many more.</summary>
    /// <param name="value">How many.</param>
    public void Increment(long value) => Interlocked.Add(ref _current, value);

    /// <summary>One less.</summary>
    public void Decrement() => Interlocked.Decrement(ref _current);

    /// <summary>So many less.</summary>
    /// <param name="value">How many.</param>
    public void Decrement(long value) => Interlocked.Add(ref _current, -value);
}
