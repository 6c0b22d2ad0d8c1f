using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions;

/// <summary>Text made fit for a message: one line, without control characters, of bounded length.</summary>
internal static class OneLine
{
    public static string Of(string text, int length = ExpressionLimits.MessageLength)
    {
        var cut = text.Length <= length ? text : string.Concat(UnicodeText.Beginning(text, length - 3), "...");
        return UnicodeText.OnOneLine(cut).TrimEnd('.', ' ');
    }
}
