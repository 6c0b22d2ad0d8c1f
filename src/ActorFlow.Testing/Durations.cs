namespace ActorFlow.Testing;

/// <summary>Time spans that read like words: <c>30.Days()</c>.</summary>
public static class Durations
{
    /// <summary>So many days of 24 hours.</summary>
    public static TimeSpan Days(this int count) => TimeSpan.FromDays(count);

    /// <summary>So many hours.</summary>
    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);

    /// <summary>So many minutes.</summary>
    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    /// <summary>So many seconds.</summary>
    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);

    /// <summary>So many milliseconds.</summary>
    public static TimeSpan Milliseconds(this int count) => TimeSpan.FromMilliseconds(count);
}
