using System.Globalization;

namespace ActorFlow.Shell;

/// <summary>Formats times: for people in their own time zone, for programs in UTC.</summary>
internal static class TimeFormat
{
    /// <summary>To the second: <c>2026-11-23 17:05:09</c>.</summary>
    public static string Of(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>To the millisecond: <c>2026-11-23 17:05:09.120</c>.</summary>
    public static string Exactly(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>For programs: ISO 8601, UTC.</summary>
    public static string Json(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
