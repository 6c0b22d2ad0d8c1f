namespace ActorFlow.Core.Expressions;

/// <summary>A name an expression refers to.</summary>
/// <param name="Kind">Which name.</param>
/// <param name="Name">The task id of <see cref="ReferenceKind.Task"/>, the secret's name of <see cref="ReferenceKind.Secret"/>; else null.</param>
/// <param name="Position">The 0-based offset into the expression's text.</param>
internal readonly record struct ExpressionReference(ReferenceKind Kind, string? Name, int Position);

/// <summary>The names in scope of an expression.</summary>
internal enum ReferenceKind
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
