using System.Buffers;

namespace ActorFlow.Node.Security;

/// <summary>Texts of callers as the audit keeps them: bounded, and such as every database takes.</summary>
internal static class AuditText
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int Longest = 300;

    private const char Replacement = '\uFFFD';

    private static readonly SearchValues<char> Plain = SearchValues.Create(string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)));

    /// <summary>The text as it is kept; null is empty.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        var kept = text.Length <= Longest ? text : text[..Longest];
        return kept.AsSpan().ContainsAnyExcept(Plain) ? string.Create(kept.Length, kept, Clean) : kept;
    }

    private static void Clean(Span<char> target, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                (target[i], target[i + 1]) = (text[i], text[i + 1]);
                i++;
            }
            else
            {
                target[i] = char.IsControl(text[i]) || char.IsSurrogate(text[i]) || text[i] is '\u2028' or '\u2029' ? Replacement : text[i];
            }
        }
    }
}
