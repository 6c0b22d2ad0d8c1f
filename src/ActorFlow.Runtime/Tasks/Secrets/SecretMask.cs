using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ActorFlow.Runtime.Tasks.Secrets;

/// <summary>
/// Takes secrets out of text and JSON, in every form they are seen in (<see cref="SecretForms"/>, <see cref="SecretSearch"/>). What
/// holds none is given back as it is; with no secrets to mask that costs nothing.
/// </summary>
internal sealed class SecretMask
{
    /// <summary>The shortest value that is masked, in UTF-16 units.</summary>
    public const int ShortestValue = SecretForms.ShortestValue;

    /// <summary>What stands in place of a value.</summary>
    public const string Mask = "***";

    /// <summary>Nothing to mask.</summary>
    public static readonly SecretMask None = new([]);

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 1_000 };

    private readonly BytePatterns? _patterns;
    private readonly bool _anyBlank;

    public SecretMask(IEnumerable<string> values)
    {
        BytePattern[] patterns = [.. values.SelectMany(SecretForms.Of)];
        if (patterns.Length > 0)
        {
            _patterns = new(patterns);
            _anyBlank = Array.Exists(patterns, pattern => pattern.Bytes.Contains((byte)' '));
        }
    }

    public bool IsEmpty => _patterns is null;

    public string Apply(string text)
    {
        if (_patterns is null || text.Length == 0)
        {
            return text;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var utf8 = buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
            return Masked(new(_patterns, _anyBlank), utf8) ?? text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Masks strings, names and numbers; a number that holds a secret becomes a string.</summary>
    public Payload Apply(Payload payload) =>
        _patterns is null || !MayHold(_patterns, payload.Utf8.Span) ? payload : Rewrite(_patterns, payload);

    // Without escapes nothing can hide from a look at the whole.
    private bool MayHold(BytePatterns patterns, ReadOnlySpan<byte> json) =>
        json.ContainsAny((byte)'\\', (byte)'%') || (_anyBlank && json.Contains((byte)'+')) || patterns.Next(json, 0, out _) >= 0;

    private Payload Rewrite(BytePatterns patterns, Payload payload)
    {
        var json = payload.Utf8.Span;
        var search = new SecretSearch(patterns, _anyBlank);
        ArrayBufferWriter<byte>? masked = null;
        var copied = 0;
        var reader = new Utf8JsonReader(json, Reading);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName or JsonTokenType.Number))
            {
                continue;
            }

            var text = reader.ValueIsEscaped && SearchedText.WithoutBackslashes(reader.ValueSpan, null) is { } plain ? plain.Bytes : reader.ValueSpan;
            if (Masked(search, text) is { } value)
            {
                masked ??= new(json.Length);
                masked.Write(json[copied..(int)reader.TokenStartIndex]);
                masked.Write(Payload.FromString(value).Utf8.Span);
                copied = (int)reader.TokenStartIndex + reader.ValueSpan.Length + (reader.TokenType == JsonTokenType.Number ? 0 : 2);
            }
        }

        if (masked is null)
        {
            return payload;
        }

        masked.Write(json[copied..]);
        return Payload.FromTrustedUtf8(masked.WrittenSpan.ToArray());
    }

    private static string? Masked(SecretSearch search, ReadOnlySpan<byte> text)
    {
        var places = search.Find(text);
        if (places.Count == 0)
        {
            return null;
        }

        var masked = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var (start, end) in places)
        {
            masked.Append(Encoding.UTF8.GetString(text[copied..start])).Append(Mask);
            copied = end;
        }

        return masked.Append(Encoding.UTF8.GetString(text[copied..])).ToString();
    }
}
