using System.Collections.Immutable;
using ActorFlow.Core.Expressions.Parsing;
using ActorFlow.Core.Expressions.Paths;

namespace ActorFlow.Core.Expressions;

/// <summary>
/// A JSON value whose strings may hold <c>${{ }}</c>, parsed once. A string that is nothing but one <c>${{ }}</c> yields the
/// JSON value itself; otherwise the pieces are joined as text. Immutable and safe to share between threads.
/// </summary>
public sealed class Template
{
    private readonly Payload _literal;
    private readonly ImmutableArray<TemplatePart> _parts;

    internal Template(Payload literal, ImmutableArray<TemplatePart> parts, ImmutableArray<ExpressionSite> sites)
    {
        _literal = literal;
        _parts = parts;
        Sites = sites;
        Expressions = [.. sites.Select(site => site.Expression)];
    }

    /// <summary>Whether there is nothing to evaluate: <see cref="Evaluate"/> returns the value as written.</summary>
    public bool IsLiteral => Expressions.IsEmpty;

    /// <summary>All expressions in it, in document order.</summary>
    public ImmutableArray<Expression> Expressions { get; }

    /// <summary>All expressions with their places, in document order.</summary>
    internal ImmutableArray<ExpressionSite> Sites { get; }

    /// <summary>Parses a JSON value.</summary>
    /// <exception cref="ExpressionSyntaxException">One of its strings holds an expression that cannot be parsed.</exception>
    public static Template Parse(Payload value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return MayHoldExpressions(value.Utf8.Span) ? TemplateParser.Parse(value) : new(value, [], []);
    }

    /// <summary>Parses a text: one string value.</summary>
    /// <exception cref="ExpressionSyntaxException">It holds an expression that cannot be parsed.</exception>
    public static Template ParseText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return UnicodeText.IndexOfHalfPair(text) is >= 0 and var half
            ? throw new ExpressionSyntaxException("half of a surrogate pair is no character", half)
            : TemplateParser.Parse(Payload.FromString(text));
    }

    /// <summary>Parses a condition (<c>if</c>, <c>while</c>, <c>until</c>): one expression whose <c>${{ }}</c> may be left out.</summary>
    /// <exception cref="ExpressionSyntaxException">The text is not exactly one expression, or it is a secret.</exception>
    public static Template ParseCondition(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ConditionParser.Parse(text);
    }

    /// <summary>The value in <paramref name="scope"/>. Secrets stay outside the value: see <see cref="TemplateResult.Secrets"/>.</summary>
    /// <param name="scope">The names and values in scope of the expressions.</param>
    /// <param name="origin">Where the template stands, for messages: <c>task.key</c>.</param>
    /// <exception cref="ExpressionException">An expression threw or exceeded a limit; the message names origin and expression.</exception>
    internal TemplateResult Evaluate(IExpressionScope scope, string origin) =>
        IsLiteral ? new(_literal, []) : new TemplateEvaluation(scope, origin).Evaluate(_parts);

    /// <summary>Whether the value is truthy, as JavaScript has it.</summary>
    /// <exception cref="ExpressionException">As for <see cref="Evaluate"/>.</exception>
    internal bool IsTrue(IExpressionScope scope, string origin) => _parts switch
    {
        [] => Truth.Of(_literal),
        [ValuePart part] => new TemplateEvaluation(scope, origin).IsTrue(part.Expression),
        _ => Truth.Of(Evaluate(scope, origin).Value),
    };

    /// <summary>Whether the JSON may hold an expression; an escape may hide a <c>${{</c>.</summary>
    private static bool MayHoldExpressions(ReadOnlySpan<byte> json) => json.IndexOf("${{"u8) >= 0 || json.IndexOf("\\u"u8) >= 0;
}
