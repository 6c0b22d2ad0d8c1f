using System.Text.RegularExpressions;

namespace ActorFlow.Core.Schemas;

/// <summary>A <c>pattern</c>: a JavaScript regular expression, found anywhere in the text, in time linear in the text where possible.</summary>
internal sealed class SchemaPattern
{
    /// <summary>The length of the longest pattern, in UTF-16 units.</summary>
    public const int MaxLength = 1000;

    /// <summary>The time of one search: half of the time of a validation, so that the search under way when that ends takes at most the other half.</summary>
    public static readonly TimeSpan Timeout = SchemaBudget.PatternTime / 2;

    private readonly Regex _regex;

    private SchemaPattern(string text, Regex regex)
    {
        (Text, _regex) = (text, regex);

        // The first search initializes the engine, which must not count as time of a value's validation.
        IsMatch("");
    }

    public string Text { get; }

    /// <exception cref="ArgumentException">The text is not a valid regular expression.</exception>
    public static SchemaPattern Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"it is longer than {MaxLength} characters", nameof(text));
        }

        var translated = PatternTranslation.Of(text);
        try
        {
            return new(text, new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Timeout));
        }
        catch (NotSupportedException)
        {
            // Look-around and back-references need backtracking; the timeout bounds it.
            return new(text, new Regex(translated, RegexOptions.CultureInvariant, Timeout));
        }
    }

    /// <summary>Whether the text matches; null if the search took too long.</summary>
    public bool? IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
