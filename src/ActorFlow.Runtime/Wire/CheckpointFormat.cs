using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire.Checkpoints;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>
/// Checkpoints to their stored bytes, and back: a byte that tells the format (0 plain, 1 Brotli, which is followed by the size
/// before compression in 4 bytes, big-endian), the message, and the first 8 bytes of the SHA-256 of all that. A snapshot is read
/// instead of events that could be read as well: one that was damaged must be noticed, not believed.
/// </summary>
internal static class CheckpointFormat
{
    private const byte Plain = 0;
    private const byte Brotli = 1;

    /// <summary>Messages up to this size are not worth compressing.</summary>
    private const int Compressed = 4 * 1024;

    // Quality 1 takes a third of the time of zlib's fastest and makes JSON a third smaller than it does.
    private const int Quality = 1;
    private const int Window = 22;

    private const int SumBytes = 8;
    private const int LongestMessage = 256 * 1024 * 1024;

    public static byte[] Write(WorkflowCheckpoint checkpoint)
    {
        var message = new Journal.Checkpoint { Sequence = checkpoint.Sequence, State = checkpoint.State.ToMessage() };
        message.Named.Add(checkpoint.Named.Select(named => new Journal.NamedCheckpoint
        {
            Name = named.Name,
            Sequence = named.Sequence,
            AtTicks = named.At.UtcTicks,
        }));
        var size = message.CalculateSize();
        return size > Compressed && TryCompress(message, size) is { } compressed ? compressed : WritePlain(message, size);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a later version.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes hold no checkpoint.</exception>
    public static WorkflowCheckpoint Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= SumBytes || !Sum(bytes[..^SumBytes]).AsSpan().SequenceEqual(bytes[^SumBytes..]))
        {
            throw new InvalidDataException("The bytes of the checkpoint are damaged.");
        }

        var content = bytes[1..^SumBytes];
        return bytes[0] switch
        {
            Plain => FromMessage(Journal.Checkpoint.Parser.ParseFrom(content)),
            Brotli => Decompress(content),
            _ => throw new InvalidDataException($"The checkpoint is of a format that this version does not know: {bytes[0]}."),
        };
    }

    private static byte[] WritePlain(Journal.Checkpoint message, int size)
    {
        var bytes = new byte[1 + size + SumBytes];
        bytes[0] = Plain;
        message.WriteTo(bytes.AsSpan(1, size));
        return Sealed(bytes);
    }

    /// <summary>Null means that compression does not make it smaller.</summary>
    private static byte[]? TryCompress(Journal.Checkpoint message, int size)
    {
        const int Header = 1 + sizeof(int);
        var plain = ArrayPool<byte>.Shared.Rent(size);
        var compressed = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            message.WriteTo(plain.AsSpan(0, size));
            if (!BrotliEncoder.TryCompress(plain.AsSpan(0, size), compressed.AsSpan(0, size - Header), out var written, Quality, Window))
            {
                return null;
            }

            var bytes = new byte[Header + written + SumBytes];
            bytes[0] = Brotli;
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), size);
            compressed.AsSpan(0, written).CopyTo(bytes.AsSpan(Header));
            return Sealed(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(compressed);
        }
    }

    private static WorkflowCheckpoint Decompress(ReadOnlySpan<byte> content)
    {
        var size = content.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian(content);
        if (size is < 0 or > LongestMessage)
        {
            throw new InvalidDataException("The checkpoint tells no size that one can have.");
        }

        var plain = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            return BrotliDecoder.TryDecompress(content[sizeof(int)..], plain.AsSpan(0, size), out var written) && written == size
                ? FromMessage(Journal.Checkpoint.Parser.ParseFrom(plain.AsSpan(0, size)))
                : throw new InvalidDataException("The checkpoint cannot be decompressed.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static WorkflowCheckpoint FromMessage(Journal.Checkpoint message) => new(
        message.Sequence,
        [.. message.Named.Select(named => new NamedCheckpoint(named.Name, named.Sequence, named.AtTicks.ToTime()))],
        message.State.ToImage());

    private static byte[] Sealed(byte[] bytes)
    {
        Sum(bytes.AsSpan(0, bytes.Length - SumBytes)).CopyTo(bytes, bytes.Length - SumBytes);
        return bytes;
    }

    private static byte[] Sum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..SumBytes];
}
