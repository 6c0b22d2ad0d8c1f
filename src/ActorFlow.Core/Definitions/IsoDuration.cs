namespace ActorFlow.Core.Definitions;

/// <summary>ISO 8601 durations of weeks, days, hours, minutes and seconds; years and months have no fixed length and are refused.</summary>
internal static class IsoDuration
{
    private const string DateUnits = "WD";
    private const string TimeUnits = "HMS";

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text.Length < 3 || text[0] != 'P')
        {
            return false;
        }

        text = text[1..];
        var (units, parts, inTime) = (DateUnits, 0, false);
        long total = 0;
        while (text.Length > 0)
        {
            if (text[0] == 'T' && !inTime)
            {
                (units, parts, inTime) = (TimeUnits, 0, true);
                text = text[1..];
                continue;
            }

            if (!TryTakePart(ref text, ref units, out var ticks) || (total += ticks) > Duration.Max.Ticks)
            {
                return false;
            }

            parts++;
        }

        value = TimeSpan.FromTicks(total);
        return parts > 0;
    }

    private static bool TryTakePart(ref ReadOnlySpan<char> text, ref string units, out long ticks)
    {
        ticks = 0;
        if (!Duration.TryTakeNumber(ref text, out var number) || !TryTakeFraction(ref text, out var fraction, out var isFractional) || text.Length == 0)
        {
            return false;
        }

        var position = units.IndexOf(text[0], StringComparison.Ordinal);
        var unit = position < 0 ? 0 : TicksOf(text[0]);
        if (unit == 0 || (isFractional && text[0] != 'S') || number > Duration.Max.Ticks / unit)
        {
            return false;
        }

        // Each unit stands at most once, from large to small.
        units = units[(position + 1)..];
        ticks = (number * unit) + fraction;
        text = text[1..];
        return true;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<char> text, out long ticks, out bool isFractional)
    {
        ticks = 0;
        isFractional = text.Length > 0 && text[0] == '.';
        if (!isFractional)
        {
            return true;
        }

        var rest = text[1..];
        var digits = rest.Length;
        if (!Duration.TryTakeNumber(ref rest, out ticks) || (digits -= rest.Length) > 7)
        {
            return false;
        }

        for (; digits < 7; digits++)
        {
            ticks *= 10;
        }

        text = rest;
        return true;
    }

    private static long TicksOf(char unit) => unit switch
    {
        'W' => 7 * TimeSpan.TicksPerDay,
        'D' => TimeSpan.TicksPerDay,
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        _ => TimeSpan.TicksPerSecond,
    };
}
