using System.Text.RegularExpressions;

namespace ActorFlow.Core.Schemas;

/// <summary>A <c>pattern</c>: a JavaScript regular expression, found anywhere in the text, in time linear to it where possible.</summary>
internal sealed class SchemaPattern
{
    /// <summary>The longest pattern.</summary>
    public const int MaxLength = 1000;

    /// <summary>What one search may take: half of what a validation may, so that the one under way when its time ends is no more than the other half.</summary>
    public static readonly TimeSpan Timeout = SchemaBudget.PatternTime / 2;

    private readonly Regex _regex;

    private SchemaPattern(string text, Regex regex)
    {
        (Text, _regex) = (text, regex);

        // The first search of all makes the engine ready, which is not to count as the time of a value's.
        IsMatch("");
    }

    public string Text { get; }

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
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

    /// <summary>Whether the text matches; none if that took too long to find out.</summary>
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
