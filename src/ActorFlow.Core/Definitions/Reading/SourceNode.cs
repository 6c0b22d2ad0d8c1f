namespace ActorFlow.Core.Definitions.Reading;

/// <summary>A value of a file, YAML or JSON, with its position.</summary>
internal abstract class SourceNode(SourcePosition start)
{
    public SourcePosition Start { get; } = start;

    /// <summary>Whether an error was reported here, so that what follows from it is not reported again.</summary>
    public bool IsFaulty { get; set; }

    /// <summary>What it is, for messages.</summary>
    public abstract string Description { get; }
}

internal enum ScalarKind
{
    Text,
    Number,
    True,
    False,
    Null,
}

/// <param name="start">Where it stands.</param>
/// <param name="kind">How JSON would type it.</param>
/// <param name="text">Its text as written, without quotes and escapes.</param>
/// <param name="textOffset">The offset of the text from the start, if it stands on one line exactly as written; else null.</param>
internal sealed class SourceScalar(SourcePosition start, ScalarKind kind, string text, int? textOffset) : SourceNode(start)
{
    public ScalarKind Kind { get; } = kind;

    public string Text { get; } = text;

    public override string Description => Kind switch
    {
        ScalarKind.Text => "text",
        ScalarKind.Number => "a number",
        ScalarKind.Null => "empty",
        _ => "true or false",
    };

    public SourcePosition PositionOf(int offset) =>
        textOffset is { } column ? new(Start.Line, Start.Column + column + offset) : Start;
}

internal sealed class SourceSequence(SourcePosition start, IReadOnlyList<SourceNode> items) : SourceNode(start)
{
    public IReadOnlyList<SourceNode> Items { get; } = items;

    public override string Description => "a list";
}

/// <summary>A key as written, and its value.</summary>
internal readonly record struct SourceEntry(SourceScalar Key, SourceNode Value);

/// <summary>A mapping with all its entries, repeated keys included; its reader reports them.</summary>
internal sealed class SourceMapping(SourcePosition start, IReadOnlyList<SourceEntry> entries) : SourceNode(start)
{
    private Dictionary<string, SourceEntry>? _byKey;

    public IReadOnlyList<SourceEntry> Entries { get; } = entries;

    public override string Description => "a mapping";

    /// <summary>The first entry of that key; null if there is none.</summary>
    public SourceEntry? Find(string key)
    {
        if (Entries.Count > 8)
        {
            return ByKey().TryGetValue(key, out var found) ? found : null;
        }

        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }

        return null;
    }

    private Dictionary<string, SourceEntry> ByKey()
    {
        if (_byKey is null)
        {
            _byKey = new(Entries.Count, StringComparer.Ordinal);
            foreach (var entry in Entries)
            {
                _byKey.TryAdd(entry.Key.Text, entry);
            }
        }

        return _byKey;
    }
}
