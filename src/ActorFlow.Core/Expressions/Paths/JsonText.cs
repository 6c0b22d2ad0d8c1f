using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>JSON strings as JavaScript has them: a surrogate may stand alone.</summary>
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

    /// <summary>.NET refuses <c>\ud800</c> without its other half; JavaScript, and so its users' data, does not.</summary>
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
