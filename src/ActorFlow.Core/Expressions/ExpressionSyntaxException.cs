namespace ActorFlow.Core.Expressions;

/// <summary>An expression, or a text that holds expressions, cannot be parsed.</summary>
/// <param name="message">What is wrong, in one sentence.</param>
/// <param name="position">The 0-based offset into the text that was given.</param>
public sealed class ExpressionSyntaxException(string message, int position) : Exception(message)
{
    /// <summary>The 0-based offset into the text that was given; in a JSON value, into the string at <see cref="Pointer"/>.</summary>
    public int Position { get; } = position;

    /// <summary>The JSON Pointer (RFC 6901) of the string it stands in, where a JSON value was given; else empty.</summary>
    public string Pointer { get; init; } = "";

    internal ExpressionSyntaxException MovedBy(int offset) =>
        offset == 0 ? this : new(Message, Position + offset) { Pointer = Pointer };

    internal ExpressionSyntaxException At(string pointer) => new(Message, Position) { Pointer = pointer };
}
