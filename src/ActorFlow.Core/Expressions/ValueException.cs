
namespace ActorFlow.Core.Expressions;

/// <summary>An expression has no usable value; the evaluation, which knows its place, makes an <see cref="ExpressionException"/> of it.</summary>
internal sealed class ValueException(string message) : Exception(message)
{
    /// <summary>The error type that the task fails with.</summary>
    public string Type { get; init; } = ErrorTypes.ExpressionError;
}
