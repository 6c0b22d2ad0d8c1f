using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorFlow.Core.Definitions;

/// <summary>The duration that the author of an invalid one may have meant: <c>1.5h</c>, <c>1 h</c>, <c>90</c>, <c>2 weeks</c>.</summary>
internal static partial class DurationHint
{
    private const int LongestText = 60;

    private static readonly (string[] Words, long Ticks)[] Units =
    [
        (["ms", "msec", "millis", "millisecond", "milliseconds"], TimeSpan.TicksPerMillisecond),
        (["s", "sec", "secs", "second", "seconds"], TimeSpan.TicksPerSecond),
        (["m", "min", "mins", "minute", "minutes"], TimeSpan.TicksPerMinute),
        (["h", "hr", "hrs", "hour", "hours"], TimeSpan.TicksPerHour),
        (["d", "day", "days"], TimeSpan.TicksPerDay),
        (["w", "week", "weeks"], 7 * TimeSpan.TicksPerDay),
    ];

    /// <summary>The end of a message about <paramref name="text"/>: how to write it; empty if that is not known.</summary>
    public static string For(string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > LongestText)
        {
            return "";
        }

        if (text.All(char.IsAsciiDigit))
        {
            return $": write its unit too, as `{text}s` or `{text}ms`";
        }

        return Meant(text) is { } meant ? $": write it in whole units, as `{Duration.ToText(meant)}`" : ": each number needs a unit, as in `1h30m`";
    }

    private static TimeSpan? Meant(string text)
    {
        var match = Lenient().Match(text);
        if (!match.Success)
        {
            return null;
        }

        decimal total = 0;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            var number = match.Groups["number"].Captures[i].Value.Replace(',', '.');
            var word = match.Groups["unit"].Captures[i].Value;
            var ticks = Array.Find(Units, unit => unit.Words.Contains(word.ToLowerInvariant(), StringComparer.Ordinal)).Ticks;
            if (ticks == 0)
            {
                return null;
            }

            total += decimal.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * ticks;
        }

        // Round to whole milliseconds, the smallest unit of the language.
        var rounded = decimal.Round(total / TimeSpan.TicksPerMillisecond) * TimeSpan.TicksPerMillisecond;
        return rounded <= Duration.Max.Ticks ? TimeSpan.FromTicks((long)rounded) : null;
    }

    [GeneratedRegex(@"^(?:(?<number>[0-9]{1,12}(?:[.,][0-9]{1,6})?)\s*(?<unit>[A-Za-z]+)[\s,]*)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Lenient();
}
