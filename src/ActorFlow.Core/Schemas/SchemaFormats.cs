using System.Globalization;

namespace ActorFlow.Core.Schemas;

/// <summary>The values of <c>format</c> that are checked.</summary>
internal static class SchemaFormats
{
    private static readonly (string Name, Func<string, bool> IsValid)[] Known =
    [
        ("date-time", IsDateTime), ("date", IsDate), ("email", IsEmail), ("uri", IsUri), ("uuid", IsUuid),
    ];

    public static IEnumerable<string> Names => Known.Select(format => format.Name);

    public static Func<string, bool>? Find(string name) => Array.Find(Known, format => format.Name == name).IsValid;

    private static bool IsDate(string text) =>
        text.Length == 10 && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>RFC 3339: date, <c>T</c>, time with seconds, offset.</summary>
    private static bool IsDateTime(string text)
    {
        if (text.Length < 20 || text[10] is not ('T' or 't') || !IsDate(text[..10])
            || !TimeOnly.TryParseExact(text.AsSpan(11, 8), "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return false;
        }

        var rest = text.AsSpan(19);
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
            {
                return false;
            }

            rest = rest[(digits + 1)..];
        }

        return rest is "Z" or "z"
            || (rest is ['+' or '-', _, _, ':', _, _] && TimeOnly.TryParseExact(rest[1..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
    }

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && at < text.Length - 1 && text.Length <= 254
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            && text.AsSpan(0, at).IndexOf('@') < 0 && text[0] != '.' && text[at - 1] != '.' && !text.Contains("..", StringComparison.Ordinal)
            && text[(at + 1)..].Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-');
    }

    private static bool IsUri(string text) =>
        text.AsSpan().IndexOf(':') > 0 && char.IsAsciiLetter(text[0])
        && !text.Any(c => c <= ' ' || c > '~' || c is '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}')
        && Uri.TryCreate(text, UriKind.Absolute, out _);

    private static bool IsUuid(string text) => text.Length == 36 && Guid.TryParseExact(text, "D", out _);
}
