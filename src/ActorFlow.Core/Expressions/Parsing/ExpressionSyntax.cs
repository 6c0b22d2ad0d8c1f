using Acornima;
using ActorFlow.Core.Payloads;
using Ast = Acornima.Ast;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Parses JavaScript text into a syntax tree.</summary>
internal static class ExpressionSyntax
{
    private static readonly ParserOptions Options = new();

    /// <summary>Parses exactly one expression, in strict mode.</summary>
    /// <exception cref="ExpressionSyntaxException">The text is not one expression, or is longer or deeper than the limits.</exception>
    public static Ast.Expression Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ExpressionSyntaxException("An expression is missing.", 0);
        }

        if (text.Length > ExpressionLimits.TextLength)
        {
            throw new ExpressionSyntaxException($"The expression is longer than {ExpressionLimits.TextLength} characters.", 0);
        }

        try
        {
            return new Parser(Options).ParseExpression(text, strict: true);
        }
        catch (ParseErrorException e)
        {
            throw new ExpressionSyntaxException($"Not a JavaScript expression: {OneLine.Of(e.Description, ExpressionLimits.MessageLength).TrimEnd('.', ' ')}.", Math.Clamp(e.Error.Index, 0, text.Length));
        }
        catch (InsufficientExecutionStackException)
        {
            throw TooDeep(0);
        }
    }

    public static ExpressionSyntaxException TooDeep(int position) =>
        new($"The expression nests deeper than {ExpressionLimits.SyntaxDepth} levels.", position);
}
