using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Configuration;

/// <summary>The text of one value in a configuration.</summary>
internal static class SettingText
{
    /// <summary>Whether values of the type are written as one text.</summary>
    public static bool IsFor(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(TimeSpan) || type.IsEnum;

    /// <summary>Reads a value.</summary>
    public static bool TryParse(string text, Type type, [NotNullWhen(true)] out object? value)
    {
        value = type == typeof(string) ? text : Parse(text.Trim(), type);
        return value is not null;
    }

    /// <summary>What a text has to be, after "must be".</summary>
    /// <param name="type">The type of the value.</param>
    /// <param name="range">Its range in words; null means that it has none.</param>
    /// <param name="text">The text that is wrong, for a suggestion.</param>
    public static string Expected(Type type, string? range, string text)
    {
        var limits = range is null ? "" : $", {range}";
        return type == typeof(bool) ? "true or false"
            : type == typeof(TimeSpan) ? $"a duration such as 10s or 00:00:10{limits}"
            : type.IsEnum ? WordsOf(type) + Suggestion(text, type)
            : $"a whole number{limits}";
    }

    /// <summary>The words of an enumeration: <c>a, b or c</c>.</summary>
    public static string WordsOf(Type type)
    {
        var names = Enum.GetNames(type);
        return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    /// <summary>A duration as the language writes it; one that the language has no form for as .NET does.</summary>
    public static string Of(TimeSpan duration) =>
        duration < TimeSpan.Zero || duration > Duration.Max ? duration.ToString("c", CultureInfo.InvariantCulture) : Duration.ToText(duration);

    private static string Suggestion(string text, Type type) => NearestWord.Find(text, Enum.GetNames(type)) is { } near ? $" (did you mean {near}?)" : "";

    private static object? Parse(string text, Type type)
    {
        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var flag) ? flag : null;
        }

        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        if (type == typeof(long))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        return type == typeof(TimeSpan) ? ParseDuration(text) : ParseWord(text, type);
    }

    /// <remarks>.NET reads a number alone as days: only what has colons is its form.</remarks>
    private static object? ParseDuration(string text) =>
        Duration.TryParse(text, out var duration) || (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration))
            ? duration
            : null;

    /// <remarks>.NET also takes numbers, and several words with commas.</remarks>
    private static object? ParseWord(string text, Type type) =>
        Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known ? Enum.Parse(type, known) : null;
}
