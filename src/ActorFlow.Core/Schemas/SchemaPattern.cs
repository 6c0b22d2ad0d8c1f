using System.Text;
using System.Text.RegularExpressions;

namespace ActorFlow.Core.Schemas;

/// <summary>A <c>pattern</c>: a JavaScript regular expression, found anywhere in the text, in time linear to it where possible.</summary>
internal sealed class SchemaPattern
{
    /// <summary>The longest pattern.</summary>
    public const int MaxLength = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private readonly Regex _regex;

    private SchemaPattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static SchemaPattern Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"it is longer than {MaxLength} characters", nameof(text));
        }

        var translated = Translate(text);
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

    /// <summary>Whether the text matches; a text that takes too long to search does not.</summary>
    public bool IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>What .NET reads otherwise: <c>$</c> also before a last line break, <c>\d</c> and <c>\w</c> with all of Unicode.</summary>
    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                text.Append((pattern[++i], inClass) switch
                {
                    ('d', true) => "0-9",
                    ('d', false) => "[0-9]",
                    ('D', false) => "[^0-9]",
                    ('w', true) => "A-Za-z0-9_",
                    ('w', false) => "[A-Za-z0-9_]",
                    ('W', false) => "[^A-Za-z0-9_]",
                    (var escaped, _) => "\\" + escaped,
                });
                continue;
            }

            // Within a class JavaScript takes a bracket for itself, .NET for a subtraction.
            text.Append((c, inClass) switch
            {
                ('$', false) => @"\z",
                ('[', true) => @"\[",
                _ => c.ToString(),
            });
            inClass = c == '[' || (c != ']' && inClass);
        }

        return text.ToString();
    }
}
