namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Reads a condition: one expression, with or without <c>${{ }}</c>.</summary>
internal static class ConditionParser
{
    public static Template Parse(string text)
    {
        var (expression, offset) = Read(text);
        if (expression.Secret is not null)
        {
            throw new ExpressionSyntaxException("A condition cannot read a secret.", offset);
        }

        return new(Payload.Null, [new ValuePart(expression)], [new(expression, "", offset)]);
    }

    private static (Expression Expression, int Offset) Read(string text)
    {
        var trimmed = text.Trim();
        var start = trimmed.Length == 0 ? 0 : text.IndexOf(trimmed[0], StringComparison.Ordinal);
        if (!trimmed.StartsWith(TextParser.Open, StringComparison.Ordinal))
        {
            return (Expression.Parse(text), start);
        }

        var (pieces, offsets) = TextParser.Parse(text.TrimEnd());
        var first = pieces.TakeWhile(piece => piece.Expression is null).Count();
        if (pieces.Length > first + 1)
        {
            throw new ExpressionSyntaxException("A condition is one expression: put all of it into one ${{ }}.", start);
        }

        return (pieces[first].Expression!, offsets[0]);
    }
}
