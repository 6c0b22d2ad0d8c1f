namespace ActorFlow.Tasks;

/// <summary>Quotes the text of a command or a response in a message: in full, since secrets must be masked before a text is cut.</summary>
internal static class QuotedText
{
    /// <summary>The length of a message with a quote that is kept, its beginning and its end, in UTF-16 units.</summary>
    public const int MessageLimit = 1_200;

    /// <summary>The text after a colon; an empty text stays empty.</summary>
    public static string Of(string text)
    {
        text = text.Trim();
        return text.Length == 0 ? "." : $": {text}";
    }
}
