namespace ActorFlow.Core.Expressions;

/// <summary>An expression without a usable value; the evaluation that knows where it stands makes an <see cref="ExpressionException"/> of it.</summary>
internal sealed class ValueException(string message) : Exception(message);
