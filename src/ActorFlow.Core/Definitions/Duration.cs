using System.Globalization;
using System.Text;

namespace ActorFlow.Core.Definitions;

/// <summary>
/// Durations as the language writes them: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>, or ISO 8601
/// (<c>PT5M</c>). Never negative, and at most <see cref="Max"/>, so that adding one to the present time cannot overflow.
/// </summary>
public static class Duration
{
    /// <summary>The longest duration: 36,500 days.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(36_500);

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration: units from large to small, each at most once, or ISO 8601 without years and months, or <c>0</c>.</summary>
    /// <param name="text">The text; white space around it and between its parts is allowed.</param>
    /// <param name="value">The duration, zero when the text is not a duration.</param>
    /// <returns>Whether the text is a duration of at most <see cref="Max"/>.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        text = text.Trim();
        value = TimeSpan.Zero;
        if (text is "0")
        {
            return true;
        }

        return text.StartsWith("P", StringComparison.Ordinal) ? IsoDuration.TryParse(text, out value) : TryParseUnits(text, out value);
    }

    /// <summary>The duration as the language writes it, exactly: <see cref="TryParse"/> gives it back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or longer than <see cref="Max"/>.</exception>
    public static string ToText(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Max);
        if (value.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            var fraction = (value.Ticks % TimeSpan.TicksPerSecond).ToString("0000000", CultureInfo.InvariantCulture).TrimEnd('0');
            return string.Create(CultureInfo.InvariantCulture, $"PT{value.Ticks / TimeSpan.TicksPerSecond}.{fraction}S");
        }

        var text = new StringBuilder();
        var rest = value.Ticks;
        foreach (var (name, ticks) in Units)
        {
            if (rest >= ticks)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{name}");
                rest %= ticks;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    /// <summary>The duration for people, in its two largest units: <c>320ms</c>, <c>3.2s</c>, <c>45s</c>, <c>2m 3s</c>, <c>1h 30m</c>, <c>2d 4h</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.Zero)
        {
            return value == TimeSpan.MinValue ? "-" + Format(TimeSpan.MaxValue) : "-" + Format(-value);
        }

        FormattableString text = value switch
        {
            { TotalMilliseconds: < 999.5 } => $"{value.TotalMilliseconds:0}ms",
            { TotalSeconds: < 9.95 } => $"{value.TotalSeconds:0.#}s",
            { TotalMinutes: < 1 } => $"{Math.Floor(value.TotalSeconds)}s",
            { TotalHours: < 1 } => $"{value.Minutes}m {value.Seconds}s",
            { TotalDays: < 1 } => $"{value.Hours}h {value.Minutes}m",
            _ => $"{value.Days}d {value.Hours}h",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryParseUnits(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        long total = 0;
        var nextUnit = 0;
        while (text.Length > 0)
        {
            if (!TryTakeNumber(ref text, out var number))
            {
                return false;
            }

            var letters = 0;
            while (letters < text.Length && char.IsAsciiLetterLower(text[letters]))
            {
                letters++;
            }

            var unit = IndexOfUnit(text[..letters], nextUnit);
            if (unit < 0 || number > Max.Ticks / Units[unit].Ticks || (total += number * Units[unit].Ticks) > Max.Ticks)
            {
                return false;
            }

            nextUnit = unit + 1;
            text = text[letters..].TrimStart(' ');
        }

        value = TimeSpan.FromTicks(total);
        return nextUnit > 0;
    }

    private static int IndexOfUnit(ReadOnlySpan<char> name, int from)
    {
        for (var i = from; i < Units.Length; i++)
        {
            if (name.SequenceEqual(Units[i].Name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Takes the ASCII digits at the start; a number of more than 18 digits is refused.</summary>
    internal static bool TryTakeNumber(ref ReadOnlySpan<char> text, out long number)
    {
        var digits = 0;
        number = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]) && digits < 18)
        {
            number = (number * 10) + (text[digits++] - '0');
        }

        text = text[digits..];
        return digits > 0;
    }
}
