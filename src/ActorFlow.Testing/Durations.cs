namespace ActorFlow.Testing;

/// <summary>Time spans written like words: <c>30.Days()</c>.</summary>
public static class Durations
{
    /// <summary>A number of days of 24 hours.</summary>
    public static TimeSpan Days(this int count) => TimeSpan.FromDays(count);

    /// <summary>A number of hours.</summary>
    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);

    /// <summary>A number of minutes.</summary>
    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    /// <summary>A number of seconds.</summary>
    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);

    /// <summary>A number of milliseconds.</summary>
    public static TimeSpan Milliseconds(this int count) => TimeSpan.FromMilliseconds(count);
}
