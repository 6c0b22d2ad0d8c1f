using System.Collections.Immutable;
using Ast = Acornima.Ast;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Splits a string at its <c>${{ }}</c>.</summary>
internal static class TextParser
{
    public const string Open = "${{";
    public const string Close = "}}";

    /// <summary>The pieces in order, and where each expression's text begins.</summary>
    public static (ImmutableArray<TextPiece> Pieces, ImmutableArray<int> Offsets) Parse(string text)
    {
        var pieces = ImmutableArray.CreateBuilder<TextPiece>();
        var offsets = ImmutableArray.CreateBuilder<int>();
        var at = 0;
        while (text.IndexOf(Open, at, StringComparison.Ordinal) is >= 0 and var open)
        {
            AddLiteral(pieces, text[at..open]);
            var (expression, offset, end) = ParseExpression(text, open);
            pieces.Add(new("", expression));
            offsets.Add(offset);
            at = end;
        }

        AddLiteral(pieces, text[at..]);
        return (pieces.DrainToImmutable(), offsets.DrainToImmutable());
    }

    private static void AddLiteral(ImmutableArray<TextPiece>.Builder pieces, string literal)
    {
        if (literal.Length > 0)
        {
            pieces.Add(new(literal, null));
        }
    }

    /// <summary>Parses one expression. It ends at the first <c>}}</c> before which the text is a complete expression: an object may end in <c>}}</c> too.</summary>
    private static (Expression Expression, int Offset, int End) ParseExpression(string text, int open)
    {
        var start = open + Open.Length;
        ExpressionSyntaxException? furthest = null;
        var close = text.IndexOf(Close, start, StringComparison.Ordinal);
        for (var tried = 0; close >= 0 && tried < ExpressionLimits.EndsTried; tried++)
        {
            var written = text.AsSpan(start, close - start);
            var offset = start + written.Length - written.TrimStart().Length;
            var trimmed = written.Trim().ToString();
            if (TryParse(trimmed, offset, ref furthest) is { } syntax)
            {
                return (Resolve(trimmed, syntax, offset), offset, close + Close.Length);
            }

            close = text.IndexOf(Close, close + 1, StringComparison.Ordinal);
        }

        throw furthest ?? new ExpressionSyntaxException("A ${{ has no }}: put this in quotes.", open);
    }

    private static Ast.Expression? TryParse(string text, int offset, ref ExpressionSyntaxException? furthest)
    {
        try
        {
            return ExpressionSyntax.Parse(text);
        }
        catch (ExpressionSyntaxException e)
        {
            // The failure that came furthest is most likely the author's mistake.
            if (furthest is null || e.Position + offset > furthest.Position)
            {
                furthest = e.MovedBy(offset);
            }

            return null;
        }
    }

    private static Expression Resolve(string text, Ast.Expression syntax, int offset)
    {
        try
        {
            return Expression.Of(text, syntax);
        }
        catch (ExpressionSyntaxException e)
        {
            throw e.MovedBy(offset);
        }
    }
}
