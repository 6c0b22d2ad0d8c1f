namespace ActorFlow.Tasks;

/// <summary>What a message quotes of a command or an answer: all of it, for secrets must be masked before anything is cut.</summary>
internal static class QuotedText
{
    /// <summary>How much of a message that quotes is kept, its beginning and its end, in UTF-16 units.</summary>
    public const int MessageLimit = 1_200;

    /// <summary>The text, after a colon; nothing for an empty one.</summary>
    public static string Of(string text)
    {
        text = text.Trim();
        return text.Length == 0 ? "." : $": {text}";
    }
}
