using System.Text;

namespace ActorFlow.Persistence.Postgres;

/// <summary>Text that PostgreSQL takes: no character 0, and no half of a surrogate pair. Others keep both, so nothing may fail for them.</summary>
internal static class PostgresText
{
    /// <summary>The value; a text as <see cref="Clean(string)"/> gives it.</summary>
    public static object Clean(object value) => value is string text ? Clean(text) : value;

    /// <summary>The text, with U+FFFD in the place of what cannot be stored.</summary>
    public static string Clean(string text)
    {
        if (!text.Contains('\0') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        // The decoder puts the replacement where a surrogate stands alone.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }
}
