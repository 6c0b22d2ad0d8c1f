
namespace ActorFlow.Runtime.Wire;

/// <summary>While it is open on a thread, references to large payloads in what that thread reads become the payloads again.</summary>
internal sealed class PayloadResolver : IDisposable
{
    [ThreadStatic]
    private static PayloadResolver? _current;

    // Weak: a long journal may refer to more than fits into memory, of which its run keeps little.
    private readonly Dictionary<string, WeakReference<Payload>> _resolved = new(StringComparer.Ordinal);
    private readonly string _persistenceId;
    private readonly Func<string, byte[]?> _find;

    private PayloadResolver(string persistenceId, Func<string, byte[]?> find)
    {
        _persistenceId = persistenceId;
        _find = find;
    }

    /// <summary>The sequence number of the row that is being read, for errors.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>Opens one for the calling thread, which closes it before it does anything else.</summary>
    /// <param name="persistenceId">Whose rows are read.</param>
    /// <param name="find">The bytes stored for that run under a hash; null means that there are none.</param>
    public static PayloadResolver Open(string persistenceId, Func<string, byte[]?> find) => _current = new(persistenceId, find);

    /// <exception cref="InvalidDataException">What is referred to is not there, or nobody knows where to look.</exception>
    public static Payload Resolve(ReadOnlySpan<byte> bytes)
    {
        var reference = PayloadReference.Read(bytes);
        return _current?.Resolve(reference)
            ?? throw new InvalidDataException($"The bytes refer to {reference}, which is stored beside them: only ActorFlow's own journal reads it.");
    }

    public void Dispose() => _current = null;

    private Payload Resolve(PayloadReference reference)
    {
        if (_resolved.TryGetValue(reference.Hash, out var known) && known.TryGetTarget(out var payload))
        {
            return payload;
        }

        payload = _find(reference.Hash) is { } bytes && bytes.Length == reference.Length ? reference.Of(bytes) : throw Missing(reference);
        _resolved[reference.Hash] = new(payload);
        return payload;
    }

    private InvalidDataException Missing(PayloadReference reference) =>
        new($"{_persistenceId}: the row with sequence number {SequenceNumber} refers to {reference}, which is not stored.");
}
