using System.Buffers;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>
/// U+0085, U+2028 and U+2029 end a line in YAML 1.1, as the parser reads it, but not in YAML 1.2 (5.4), nor in an editor: a comment
/// would end at one, and a value would be folded. The parser gets, in their place, characters that do not occur in the text.
/// </summary>
internal sealed class YamlSeparators
{
    private const string Separators = "\u0085\u2028\u2029";
    private const char FirstPrivate = '\uE000';
    private const char LastPrivate = '\uF8FF';

    private static readonly SearchValues<char> All = SearchValues.Create(Separators);

    private readonly string _standIns;

    private YamlSeparators(string shown, string standIns)
    {
        Shown = shown;
        _standIns = standIns;
    }

    /// <summary>The text for the parser, of the same length.</summary>
    public string Shown { get; }

    public static YamlSeparators Of(string text)
    {
        if (text.AsSpan().IndexOfAny(All) < 0)
        {
            return new(text, "");
        }

        var present = text.ToHashSet();
        var free = Enumerable.Range(FirstPrivate, LastPrivate - FirstPrivate + 1).Select(code => (char)code).Where(character => !present.Contains(character));
        var standIns = new string([.. free.Take(Separators.Length)]);
        return standIns.Length < Separators.Length ? new(text, "") : new(Replace(text, Separators, standIns), standIns);
    }

    /// <summary>Gives a text from the parser as it stands in the source.</summary>
    public string Restore(string parsed) =>
        _standIns.Length > 0 && parsed.AsSpan().IndexOfAny(_standIns) >= 0 ? Replace(parsed, _standIns, Separators) : parsed;

    private static string Replace(string text, string from, string to) => string.Create(text.Length, (text, from, to), static (result, state) =>
    {
        for (var i = 0; i < result.Length; i++)
        {
            var at = state.from.IndexOf(state.text[i], StringComparison.Ordinal);
            result[i] = at < 0 ? state.text[i] : state.to[at];
        }
    });
}
