namespace NBench;

/// <summary>What a setup, a body and a cleanup may take: the execution's counters and its trace.</summary>
public sealed class BenchmarkContext
{
    private readonly Dictionary<string, Counter> _counters;

    internal BenchmarkContext(IEnumerable<Counter> counters, IBenchmarkTrace trace)
    {
        _counters = counters.ToDictionary(counter => counter.Name.CounterName, StringComparer.Ordinal);
        Trace = trace;
    }

    /// <summary>Notes that go to the output when tracing is on.</summary>
    public IBenchmarkTrace Trace { get; }

    /// <summary>All counters.</summary>
    public IEnumerable<Counter> Counters => _counters.Values;

    /// <summary>The names of all counters.</summary>
    public IEnumerable<string> CounterNames => _counters.Keys;

    /// <summary>Whether an attribute of the spec names this counter.</summary>
    /// <param name="name">The counter.</param>
    public bool CounterExists(string name) => _counters.ContainsKey(name);

    /// <summary>A counter that an attribute of the spec names.</summary>
    /// <param name="name">The counter.</param>
    /// <exception cref="NBenchException">No attribute names it.</exception>
    public Counter GetCounter(string name) => _counters.GetValueOrDefault(name)
        ?? throw new NBenchException($"There is no counter {name}; the spec measures {(_counters.Count == 0 ? "none" : string.Join(", ", _counters.Keys))}.");
}

/// <summary>Notes of a spec.</summary>
public interface IBenchmarkTrace
{
    /// <summary>A detail.</summary>
    /// <param name="message">What to note.</param>
    void Debug(string message);

    /// <summary>A note.</summary>
    /// <param name="message">What to note.</param>
    void Info(string message);

    /// <summary>Something odd.</summary>
    /// <param name="message">What to note.</param>
    void Warning(string message);

    /// <summary>Something wrong.</summary>
    /// <param name="ex">What was thrown.</param>
    /// <param name="message">What to note.</param>
    void Error(Exception ex, string message);

    /// <summary>Something wrong.</summary>
    /// <param name="message">What to note.</param>
    void Error(string message);
}

/// <summary>A spec is not as it must be.</summary>
public class NBenchException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">What is wrong.</param>
    public NBenchException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what came before.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What came before.</param>
    public NBenchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Sizes.</summary>
public static class ByteConstants
{
    /// <summary>8 KB.</summary>
    public const long EightKb = 8 * 1024;

    /// <summary>16 KB.</summary>
    public const long SixteenKb = 16 * 1024;

    /// <summary>32 KB.</summary>
    public const long ThirtyTwoKb = 32 * 1024;

    /// <summary>64 KB.</summary>
    public const long SixtyFourKb = 64 * 1024;
}
