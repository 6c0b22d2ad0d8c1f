namespace ActorFlow.Core.Expressions;

/// <summary>An expression that failed while it was evaluated: it threw, gave a value of the wrong kind, or passed a limit.</summary>
public sealed class ExpressionException(string message) : Exception(message);
