
namespace ActorFlow.Core.Expressions;

/// <summary>An expression failed while it was evaluated: it threw, gave a value of the wrong kind, or exceeded a limit.</summary>
internal sealed class ExpressionException(string message) : Exception(message)
{
    /// <summary>The error type that the task fails with.</summary>
    public string Type { get; init; } = ErrorTypes.ExpressionError;
}
