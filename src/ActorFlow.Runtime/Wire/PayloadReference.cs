using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>
/// What stands in the place of a payload over 64 KB in a stored event or checkpoint: a byte 0, with which no JSON begins, the
/// SHA-256 of the payload's bytes, and their number (4 bytes, big-endian). The bytes themselves are stored beside, once per run.
/// </summary>
internal readonly record struct PayloadReference(string Hash, int Length)
{
    /// <summary>Payloads up to this size stay where they are.</summary>
    public const int Inline = 64 * 1024;

    private const byte Mark = 0;
    private const int HashAt = 1;
    private const int LengthAt = HashAt + SHA256.HashSizeInBytes;
    private const int Size = LengthAt + sizeof(int);

    // A large payload is hashed once, however many events and checkpoints refer to it.
    private static readonly ConditionalWeakTable<Payload, string> Hashes = [];

    public static bool Is(ReadOnlySpan<byte> bytes) => bytes[0] == Mark;

    public static PayloadReference To(Payload payload) =>
        new(Hashes.GetValue(payload, static large => Convert.ToHexStringLower(SHA256.HashData(large.Utf8.Span))), payload.Length);

    /// <exception cref="InvalidDataException">The bytes are no reference.</exception>
    public static PayloadReference Read(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(Convert.ToHexStringLower(bytes[HashAt..LengthAt]), BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]))
        : throw new InvalidDataException("The bytes hold neither JSON nor a reference to it where a payload belongs.");

    public ByteString ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Mark;
        Convert.FromHexString(Hash, bytes.AsSpan(HashAt), out _, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(LengthAt), Length);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>The payload that was referred to, from its bytes.</summary>
    public Payload Of(byte[] bytes)
    {
        var payload = Payload.FromTrustedUtf8(bytes);
        Hashes.AddOrUpdate(payload, Hash);
        return payload;
    }

    public override string ToString() => $"a payload of {Length} bytes with the SHA-256 {Hash}";
}
