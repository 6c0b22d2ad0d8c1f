using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorFlow.Tasks.Processes;

/// <summary>
/// Keeps the beginning and the end of a stream, and the number of bytes left out between them: errors of a command are mostly there,
/// and too much of them is no reason to end the command. It is cut at line ends where lines are not longer than the room, so that no line
/// is kept in part.
/// </summary>
/// <param name="room">How many bytes of each end are kept.</param>
internal sealed class HeadAndTail(int room)
{
    private readonly ArrayBufferWriter<byte> _head = new();
    private readonly byte[] _ring = new byte[room];
    private readonly Lock _lock = new();
    private long _beyond;

    /// <summary>Adds the next piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        lock (_lock)
        {
            var first = piece[..Math.Min(piece.Length, room - _head.WrittenCount)];
            _head.Write(first);
            foreach (var value in piece[first.Length..])
            {
                _ring[_beyond++ % room] = value;
            }
        }
    }

    /// <summary>The bytes kept so far, as one text.</summary>
    public byte[] ToArray()
    {
        lock (_lock)
        {
            var head = _head.WrittenSpan;
            if (_beyond <= room)
            {
                return [.. head, .. _ring.AsSpan(0, (int)_beyond)];
            }

            var start = (int)(_beyond % room);
            ReadOnlySpan<byte> tail = [.. _ring.AsSpan(start), .. _ring.AsSpan(0, start)];
            head = head[..(head.LastIndexOf((byte)'\n') is >= 0 and var end ? end + 1 : WholeCharacters(head))];
            tail = tail[(tail.IndexOf((byte)'\n') is >= 0 and var begin && begin + 1 < tail.Length ? begin + 1 : FirstCharacter(tail))..];
            var left = room + _beyond - head.Length - tail.Length;
            return [.. head, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"… {left:n0} bytes left out …\n")), .. tail];
        }
    }

    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        while (length > 0 && length > text.Length - 4 && Rune.DecodeLastFromUtf8(text[..length], out _, out _) != OperationStatus.Done)
        {
            length--;
        }

        return length;
    }

    private static int FirstCharacter(ReadOnlySpan<byte> text)
    {
        var start = 0;
        while (start < Math.Min(4, text.Length) && (text[start] & 0xC0) == 0x80)
        {
            start++;
        }

        return start;
    }
}
