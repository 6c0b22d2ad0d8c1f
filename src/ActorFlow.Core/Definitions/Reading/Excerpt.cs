
namespace ActorFlow.Core.Definitions.Reading;

/// <summary>A user's text within a message: in backquotes, on one line, with its blanks, cut if it is long.</summary>
internal static class Excerpt
{
    private const int MaxLength = 60;

    public static string Of(string text)
    {
        var cut = text.Length <= MaxLength ? text : string.Concat(UnicodeText.Beginning(text, MaxLength), "...");
        return "`" + UnicodeText.OnOneLine(cut) + "`";
    }
}
