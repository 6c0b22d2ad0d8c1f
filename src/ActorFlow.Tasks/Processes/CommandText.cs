using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace ActorFlow.Tasks.Processes;

/// <summary>The text that a command printed. Bytes that are not UTF-8 are replaced by U+FFFD and reported.</summary>
/// <param name="Text">The text.</param>
/// <param name="Wrong">What is wrong with the bytes, for people; null means nothing.</param>
internal readonly record struct CommandText(string Text, string? Wrong)
{
    /// <summary>Reads the bytes of a stream.</summary>
    public static CommandText Of(string stream, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return new(Encoding.UTF8.GetString(bytes), null);
        }

        var (first, replaced) = (-1, 0);
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var taken) != System.Buffers.OperationStatus.Done)
            {
                first = first < 0 ? at : first;
                replaced++;
            }

            at += Math.Max(1, taken);
        }

        return new(
            Encoding.UTF8.GetString(bytes),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{stream} is not UTF-8: byte {first + 1:n0} and {replaced - 1:n0} more places stand as U+FFFD; have the command print UTF-8"));
    }
}
