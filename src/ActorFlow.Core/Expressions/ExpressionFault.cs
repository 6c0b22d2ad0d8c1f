namespace ActorFlow.Core.Expressions;

/// <summary>
/// What an expression cannot mean, though it can be evaluated: a definition that is checked is refused for it, one that was stored before
/// the check was there still runs.
/// </summary>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Position">The 0-based offset into the expression's text.</param>
internal readonly record struct ExpressionFault(string Message, int Position);
