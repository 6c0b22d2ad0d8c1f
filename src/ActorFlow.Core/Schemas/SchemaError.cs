namespace ActorFlow.Core.Schemas;

/// <summary>An error in a value that its schema does not allow, or in a schema.</summary>
/// <param name="Pointer">The place: a JSON Pointer (RFC 6901), empty for the value as a whole.</param>
/// <param name="Message">What is wrong, for people; one line.</param>
internal readonly record struct SchemaError(string Pointer, string Message)
{
    /// <summary>Whether the keyword itself is wrong and not its value.</summary>
    internal bool AtKey { get; init; }

    /// <summary><c>pointer: message</c></summary>
    public override string ToString() => Pointer.Length == 0 ? Message : $"{Pointer}: {Message}";
}
