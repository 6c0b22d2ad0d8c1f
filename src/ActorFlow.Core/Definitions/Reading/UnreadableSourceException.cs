namespace ActorFlow.Core.Definitions.Reading;

/// <summary>The file cannot be read further than this position.</summary>
internal sealed class UnreadableSourceException(string code, SourcePosition position, string message) : Exception(message)
{
    public string Code { get; } = code;

    public SourcePosition Position { get; } = position;
}
