using System.Collections.Immutable;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions;

/// <summary>
/// A JSON value whose strings may hold <c>${{ }}</c>, parsed once. A string that is nothing but one <c>${{ }}</c> yields the
/// JSON value itself; otherwise the pieces are joined as text. Immutable and safe to share between threads.
/// </summary>
public sealed class Template
{
    private Template() { }

    /// <summary>Whether there is nothing to evaluate: <see cref="Evaluate"/> returns the value as written.</summary>
    public bool IsLiteral { get; private init; }

    /// <summary>All expressions in it, in document order.</summary>
    public ImmutableArray<Expression> Expressions { get; private init; } = [];

    /// <summary>Parses a JSON value.</summary>
    /// <exception cref="ExpressionSyntaxException">One of its strings holds an expression that cannot be parsed.</exception>
    public static Template Parse(Payload value) => throw new NotSupportedException();

    /// <summary>Parses a text: one string value.</summary>
    /// <exception cref="ExpressionSyntaxException">It holds an expression that cannot be parsed.</exception>
    public static Template ParseText(string text) => throw new NotSupportedException();

    /// <summary>Parses a condition (<c>if</c>, <c>while</c>, <c>until</c>): one expression whose <c>${{ }}</c> may be left out.</summary>
    /// <exception cref="ExpressionSyntaxException">It is not one expression.</exception>
    public static Template ParseCondition(string text) => throw new NotSupportedException();

    /// <summary>The value in <paramref name="scope"/>. Secrets stay outside the value: see <see cref="TemplateResult.Secrets"/>.</summary>
    /// <param name="scope">What the expressions see.</param>
    /// <param name="origin">Where the template stands, for messages: <c>task.key</c>.</param>
    /// <exception cref="ExpressionException">An expression threw or passed a limit; the message names origin and expression.</exception>
    public TemplateResult Evaluate(IExpressionScope scope, string origin) => throw new NotSupportedException();

    /// <summary>Whether the value is truthy, as JavaScript has it.</summary>
    /// <exception cref="ExpressionException">As for <see cref="Evaluate"/>.</exception>
    public bool IsTrue(IExpressionScope scope, string origin) => throw new NotSupportedException();
}

/// <summary>What a template came to.</summary>
/// <param name="Value">The JSON value, with each secret left out.</param>
/// <param name="Secrets">Where the worker has to put which secret, in document order; empty for most.</param>
public readonly record struct TemplateResult(Payload Value, ImmutableArray<SecretSlot> Secrets);

/// <summary>
/// Where a secret belongs in an evaluated input. Recorded beside the value rather than inside it, so that data which looks like
/// a placeholder is never taken for one.
/// </summary>
/// <param name="Pointer">The JSON Pointer (RFC 6901) of the string it belongs into.</param>
/// <param name="Offset">The offset in UTF-16 units into that string as recorded, where the secret is inserted.</param>
/// <param name="Name">The name of the secret.</param>
public sealed record SecretSlot(string Pointer, int Offset, string Name);
