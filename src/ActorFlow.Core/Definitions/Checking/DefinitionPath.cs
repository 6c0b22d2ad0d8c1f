using System.Text;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>A place in a definition, in the words of the language: <c>tasks.ship.with.items[0]</c>.</summary>
internal sealed class DefinitionPath
{
    public static readonly DefinitionPath Root = new(null, "", -1);

    private const int Element = -2;

    private readonly DefinitionPath? _parent;
    private readonly string _key;
    private readonly int _index;

    private DefinitionPath(DefinitionPath? parent, string key, int index) => (_parent, _key, _index) = (parent, key, index);

    public DefinitionPath this[string key] => new(this, key, -1);

    public DefinitionPath this[int index] => new(this, "", index);

    /// <summary>The element of a list with this text, or the value itself where a single value stands for a list.</summary>
    public DefinitionPath ElementOf(string text) => new(this, text, Element);

    /// <summary>The path behind this one; a step of digits is an index in a list.</summary>
    public DefinitionPath Along(IEnumerable<string> steps) => steps.Aggregate(this, (path, step) => path[step]);

    /// <summary>The node at this path, and its key; the last on the way if the path leads no further.</summary>
    public (SourceScalar? Key, SourceNode Node) Find(SourceNode root)
    {
        if (_parent is null)
        {
            return (null, root);
        }

        var (key, node) = _parent.Find(root);
        switch (node)
        {
            case SourceMapping mapping when _index == -1 && mapping.Find(_key) is { } entry:
                return (entry.Key, entry.Value);

            case SourceSequence sequence when _index >= 0 && _index < sequence.Items.Count:
                return (key, sequence.Items[_index]);

            case SourceSequence sequence when _index == -1 && int.TryParse(_key, out var index) && index >= 0 && index < sequence.Items.Count:
                return (key, sequence.Items[index]);

            case SourceSequence sequence when _index == Element:
                return (key, sequence.Items.FirstOrDefault(item => item is SourceScalar scalar && scalar.Text == _key) ?? node);

            default:
                return (key, node);
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        if (_parent is null)
        {
            return;
        }

        _parent.Append(text);
        if (_index >= 0)
        {
            text.Append('[').Append(_index).Append(']');
        }
        else if (_index != Element)
        {
            text.Append(text.Length == 0 ? "" : ".").Append(OneLine.Of(_key));
        }
    }
}
