using System.Globalization;

namespace ActorFlow.Core.Schemas;

/// <summary>The values of <c>format</c> that are checked.</summary>
internal static class SchemaFormats
{
    private static readonly (string Name, Func<string, bool> IsValid)[] Known =
    [
        ("date-time", IsDateTime), ("date", IsDate), ("email", EmailFormat.IsValid), ("uri", UriFormat.IsValid), ("uuid", IsUuid),
    ];

    private static readonly TimeOnly LastMinute = new(23, 59);

    public static IEnumerable<string> Names => Known.Select(format => format.Name);

    public static Func<string, bool>? Find(string name) => Array.Find(Known, format => format.Name == name).IsValid;

    private static bool IsDate(string text) =>
        text.Length == 10 && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>RFC 3339: date, <c>T</c>, time with seconds, offset.</summary>
    private static bool IsDateTime(string text)
    {
        if (text.Length < 20 || text[10] is not ('T' or 't') || !IsDate(text[..10]))
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

        return IsOffset(rest, out var offset) && IsTime(text.AsSpan(11, 8), offset);
    }

    private static bool IsOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text is not ['+' or '-', _, _, ':', _, _] || !TimeOnly.TryParseExact(text[1..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var size))
        {
            return false;
        }

        offset = text[0] == '-' ? -size.ToTimeSpan() : size.ToTimeSpan();
        return true;
    }

    /// <summary>Whether the text is a time; a leap second is valid only at the end of a UTC day.</summary>
    private static bool IsTime(ReadOnlySpan<char> text, TimeSpan offset)
    {
        var isLeapSecond = text is [_, _, ':', _, _, ':', '6', '0'];
        return isLeapSecond
            ? TimeOnly.TryParseExact(text[..5], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var minute) && minute.Add(-offset) == LastMinute
            : TimeOnly.TryParseExact(text, "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    private static bool IsUuid(string text) => text.Length == 36 && Guid.TryParseExact(text, "D", out _);
}
