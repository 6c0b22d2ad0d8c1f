using System.Runtime.InteropServices;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>
/// While it is open on a thread, large payloads in what that thread writes become references, and are collected here, to be
/// stored in the same transaction. Without one they are written where they stand: messages between nodes know no store.
/// </summary>
internal sealed class PayloadCollector : IDisposable
{
    [ThreadStatic]
    private static PayloadCollector? _current;

    private Dictionary<string, byte[]>? _collected;

    private PayloadCollector()
    {
    }

    /// <summary>What was referred to, by hash.</summary>
    public IReadOnlyCollection<KeyValuePair<string, byte[]>> Collected => _collected ?? [];

    /// <summary>Opens one for the calling thread, which closes it before it does anything else.</summary>
    public static PayloadCollector Open() => _current = new();

    /// <summary>The reference to a large payload; null means that it is small, or that nobody collects.</summary>
    public static ByteString? Refer(Payload payload) =>
        payload.Length <= PayloadReference.Inline || _current is not { } collector ? null : collector.Collect(payload);

    public void Dispose() => _current = null;

    private ByteString Collect(Payload payload)
    {
        var reference = PayloadReference.To(payload);
        (_collected ??= new(StringComparer.Ordinal)).TryAdd(reference.Hash, Bytes(payload.Utf8));
        return reference.ToBytes();
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> utf8) =>
        MemoryMarshal.TryGetArray(utf8, out var segment) && segment.Array is { } array && array.Length == utf8.Length ? array : utf8.ToArray();
}
