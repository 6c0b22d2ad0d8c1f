using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ActorFlow.Core.Payloads;

/// <summary>
/// The output of a command whose value is its text. It is stored as <c>{ exitCode, stdout, stderr }</c>, with <c>note</c> where there is
/// a remark; readers also find <c>value</c>, which is <c>stdout</c> without its final line ends. So the
/// text is stored, sent and counted once.
/// </summary>
internal static class CommandOutput
{
    private static readonly ConditionalWeakTable<Payload, WeakReference<Payload>> Read = [];

    /// <summary>Writes an output in its stored form.</summary>
    /// <param name="exitCode">The command's exit code.</param>
    /// <param name="stdout">The text of its standard output, which is also its value.</param>
    /// <param name="stderr">The text of its standard error.</param>
    /// <param name="note">A remark on these texts; null means that there is none.</param>
    public static Payload Of(int exitCode, string stdout, string stderr, string? note = null) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        WriteParts(writer, exitCode, stdout, stderr, note);
        writer.WriteEndObject();
    });

    /// <summary>Writes the members that every command's output has.</summary>
    /// <param name="writer">A writer within an object.</param>
    /// <param name="exitCode">The command's exit code.</param>
    /// <param name="stdout">The text of its standard output.</param>
    /// <param name="stderr">The text of its standard error.</param>
    /// <param name="note">A remark on these texts; null means that there is none.</param>
    public static void WriteParts(Utf8JsonWriter writer, int exitCode, string stdout, string stderr, string? note)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumber("exitCode"u8, exitCode);
        writer.WriteString("stdout"u8, stdout);
        writer.WriteString("stderr"u8, stderr);
        if (note is not null)
        {
            writer.WriteString("note"u8, note);
        }
    }

    /// <summary>An output in the form for readers, which has its <c>value</c>. Any other payload is returned unchanged.</summary>
    /// <param name="kept">An output in its stored form.</param>
    public static Payload Readable(Payload kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (!kept.Utf8.Span.StartsWith("{\"exitCode\":"u8))
        {
            return kept;
        }

        // Cached while it is in use: a fan-out over its lines reads one output often.
        if (Read.TryGetValue(kept, out var made) && made.TryGetTarget(out var readable))
        {
            return readable;
        }

        readable = WithValue(kept);
        if (!ReferenceEquals(readable, kept))
        {
            Read.AddOrUpdate(kept, new(readable));
        }

        return readable;
    }

    private static Payload WithValue(Payload kept)
    {
        var reader = new Utf8JsonReader(kept.Utf8.Span, JsonDepth.Reading);
        var (members, stdout) = (0, (string?)null);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isExpected = members switch
            {
                0 => reader.ValueTextEquals("exitCode"u8),
                1 => reader.ValueTextEquals("stdout"u8),
                2 => reader.ValueTextEquals("stderr"u8),
                3 => reader.ValueTextEquals("note"u8),
                _ => false,
            };
            reader.Read();
            if (!isExpected || reader.TokenType != (members == 0 ? JsonTokenType.Number : JsonTokenType.String))
            {
                return kept;
            }

            stdout = members++ == 1 ? reader.GetString() : stdout;
        }

        if (members < 3)
        {
            return kept;
        }

        // As in a shell's $( ): the line ends that end the output are not part of the value.
        var value = Payload.FromString(stdout!.TrimEnd('\r', '\n')).Utf8.Span;
        var open = kept.Utf8.Span[..^1];
        var name = ",\"value\":"u8;
        var bytes = new byte[open.Length + name.Length + value.Length + 1];
        open.CopyTo(bytes);
        name.CopyTo(bytes.AsSpan(open.Length));
        value.CopyTo(bytes.AsSpan(open.Length + name.Length));
        bytes[^1] = (byte)'}';
        return Payload.FromTrustedUtf8(bytes);
    }
}
