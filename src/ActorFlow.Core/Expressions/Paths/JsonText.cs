using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>Reads JSON strings as JavaScript does: a surrogate may stand alone.</summary>
internal static class JsonText
{
    /// <summary>Whether the string token is <paramref name="text"/>.</summary>
    public static bool Is(ref Utf8JsonReader reader, string text) =>
        reader.ValueIsEscaped ? Read(ref reader) == text : reader.ValueTextEquals(text);

    /// <summary>The string token's text.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    /// <summary>Unescapes a string that .NET refuses: one with half of a surrogate pair, such as <c>\ud800</c>. JavaScript allows it.</summary>
    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(raw[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
            }
        }

        return text.ToString();
    }
}
