using System.Globalization;

namespace ActorFlow.Core.Definitions;

/// <summary>Timestamps as the language writes them: ISO 8601, <c>2026-03-01</c> to <c>2026-03-01T08:30:00.5+01:00</c>; no offset means UTC.</summary>
internal static class Timestamp
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd' 'HH:mmK",
        "yyyy-MM-dd' 'HH:mm:ssK",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads a timestamp.</summary>
    /// <param name="text">The text; white space around it is allowed.</param>
    /// <param name="value">The moment, in UTC.</param>
    /// <returns>Whether the text is a moment.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset value) =>
        DateTimeOffset.TryParseExact(
            text.Trim(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
}
