using System.Collections.Immutable;

namespace ActorFlow.Core.Expressions;

/// <summary>One JavaScript expression, parsed once. Immutable and safe to share between threads.</summary>
public sealed class Expression
{
    private Expression(string text, ImmutableArray<ExpressionReference> references)
    {
        Text = text;
        References = references;
    }

    /// <summary>The expression as written, without <c>${{ }}</c>, trimmed.</summary>
    public string Text { get; }

    /// <summary>Every name of the language that the expression refers to, in order of appearance.</summary>
    public ImmutableArray<ExpressionReference> References { get; }

    /// <summary>Parses one expression.</summary>
    /// <exception cref="ExpressionSyntaxException">It is not one JavaScript expression, or uses what the language refuses.</exception>
    public static Expression Parse(string text) => throw new NotSupportedException();
}

/// <summary>A name an expression refers to.</summary>
/// <param name="Kind">Which name.</param>
/// <param name="Name">The task id of <see cref="ReferenceKind.Task"/>, the secret's name of <see cref="ReferenceKind.Secret"/>; else none.</param>
/// <param name="Position">The 0-based offset into the expression's text.</param>
public readonly record struct ExpressionReference(ReferenceKind Kind, string? Name, int Position);

/// <summary>The names in scope of an expression.</summary>
public enum ReferenceKind
{
    /// <summary><c>input</c></summary>
    Input,

    /// <summary><c>tasks.ID</c></summary>
    Task,

    /// <summary><c>item</c></summary>
    Item,

    /// <summary><c>index</c></summary>
    Index,

    /// <summary><c>iteration</c></summary>
    Iteration,

    /// <summary><c>workflow</c></summary>
    Workflow,

    /// <summary><c>secrets.NAME</c></summary>
    Secret,
}

/// <summary>An expression, or a text holding some, that cannot be parsed.</summary>
/// <param name="message">What is wrong, in one sentence.</param>
/// <param name="position">The 0-based offset into the text that was given.</param>
public sealed class ExpressionSyntaxException(string message, int position) : Exception(message)
{
    /// <summary>The 0-based offset into the text that was given.</summary>
    public int Position { get; } = position;
}

/// <summary>An expression that failed while it was evaluated: it threw, gave a value of the wrong kind, or passed a limit.</summary>
public sealed class ExpressionException(string message) : Exception(message);
