namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Reading cannot go on behind this point.</summary>
internal sealed class UnreadableSourceException(string code, SourcePosition position, string message) : Exception(message)
{
    public string Code { get; } = code;

    public SourcePosition Position { get; } = position;
}
