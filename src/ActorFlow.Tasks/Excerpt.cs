namespace ActorFlow.Tasks;

/// <summary>The part of a long text that a message has room for.</summary>
internal static class Excerpt
{
    private const int Limit = 1000;

    /// <summary>The end of a text, after a colon; nothing for an empty one.</summary>
    public static string Tail(string text)
    {
        text = text.Trim();
        return text.Length == 0 ? "." : $": {(text.Length <= Limit ? text : "…" + text[^Limit..])}";
    }

    /// <summary>The beginning of a text, after a colon; nothing for an empty one.</summary>
    public static string Head(string text)
    {
        text = text.Trim();
        return text.Length == 0 ? "." : $": {(text.Length <= Limit ? text : text[..Limit] + "…")}";
    }
}
