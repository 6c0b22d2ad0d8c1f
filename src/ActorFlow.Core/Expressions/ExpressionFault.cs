namespace ActorFlow.Core.Expressions;

/// <summary>
/// A fault of an expression that can be evaluated nevertheless. The checks refuse a new definition with it; one that was stored before
/// the check existed still runs.
/// </summary>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Position">The 0-based offset into the expression's text.</param>
internal readonly record struct ExpressionFault(string Message, int Position);
