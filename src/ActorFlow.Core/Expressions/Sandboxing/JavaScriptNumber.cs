using System.Globalization;
using System.Text;
using ActorFlow.Core.Payloads;
using Jint.Native;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>Numbers as JavaScript holds them: doubles, and their text, which is also JSON.</summary>
internal static class JavaScriptNumber
{
    /// <summary><c>Number.MAX_SAFE_INTEGER</c>: a larger double may stand for several whole numbers.</summary>
    public const double MaxWhole = 9_007_199_254_740_991;

    /// <summary>From this number on JavaScript writes an exponent, which shows that it rounds.</summary>
    private const double FirstWithExponent = 1e21;

    public static string Text(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : TypeConverter.ToString(JsNumber.Create(number));

    /// <summary>Whether a whole number that was computed may have been rounded without showing it.</summary>
    public static bool MayBeRounded(double number) => Math.Abs(number) is > MaxWhole and < FirstWithExponent;

    /// <summary>
    /// Whether the double stands for the JSON number it was read from: whole numbers exactly, decimals rounded to the nearest double as
    /// JavaScript does, but never to zero or to infinity.
    /// </summary>
    public static bool Holds(double number, ReadOnlySpan<byte> json)
    {
        if (Math.Abs(number) <= MaxWhole)
        {
            return number != 0 || JsonNumber.Of(json).IsZero;
        }

        return double.IsFinite(number) && !MayBeRounded(number) && IsTextOf(number, json);
    }

    /// <summary>Whether the double's text has exactly the value of the JSON number.</summary>
    public static bool IsTextOf(double number, ReadOnlySpan<byte> json) =>
        double.IsFinite(number) && JsonNumber.Of(Encoding.ASCII.GetBytes(Text(number))).Equals(JsonNumber.Of(json));
}
