namespace ActorFlow.Core.Expressions;

/// <summary>Text made fit for a message: one line, without control characters, of bounded length.</summary>
internal static class OneLine
{
    public static string Of(string text, int length = ExpressionLimits.MessageLength)
    {
        var cut = text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 3), "...");
        return string.Create(cut.Length, cut, static (line, source) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
            }
        }).TrimEnd('.', ' ');
    }
}
