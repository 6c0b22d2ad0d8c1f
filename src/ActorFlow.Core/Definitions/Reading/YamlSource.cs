using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>
/// Reads YAML from the parser's events. It refuses what could grow beyond the text (anchors, aliases, merge keys) or differ in meaning from
/// the text (tags), and bounds the nesting, since the scanner takes quadratic time over it.
/// </summary>
internal sealed class YamlSource
{
    private readonly IParser _parser;
    private readonly ProblemList _problems;
    private readonly YamlSeparators _separators;
    private long _documentStart;

    private YamlSource(string text, ProblemList problems)
    {
        _separators = YamlSeparators.Of(text);
        _parser = new Parser(new Scanner(new StringReader(_separators.Shown), skipComments: true));
        _problems = problems;
    }

    /// <summary>The documents that are not empty, up to the first syntax error.</summary>
    public static List<SourceNode> Read(string text, ProblemList problems)
    {
        var documents = new List<SourceNode>();
        try
        {
            new YamlSource(text, problems).ReadDocuments(documents);
        }
        catch (UnreadableSourceException error)
        {
            problems.Add(error.Code, error.Position, error.Message);
        }
        catch (YamlException error)
        {
            problems.Add(YamlSyntaxProblem.From(error, text));
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // The parser itself fails on unclosed brackets and the like.
            problems.Add(DefinitionCodes.Syntax, SourceText.PositionOf(text, text.Length), "the text ends within a value; is a bracket or quote not closed?");
        }

        return documents;
    }

    private void ReadDocuments(List<SourceNode> documents)
    {
        while (_parser.MoveNext())
        {
            if (_parser.Current is DocumentStart start)
            {
                _documentStart = start.Start.Index;
                _parser.MoveNext();
                var root = ReadNode(depth: 1);
                if (root is not SourceScalar { Kind: ScalarKind.Null })
                {
                    documents.Add(root);
                }
            }
        }
    }

    /// <summary>Reads the node whose first event is the current one, and leaves its last event current.</summary>
    private SourceNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        if (current.End.Index - _documentStart > DefinitionLimits.DefinitionBytes)
        {
            throw new UnreadableSourceException(DefinitionCodes.TooLarge, PositionOf(current), "the definition is over 1 MiB");
        }

        if (depth > DefinitionLimits.Depth && current is not Scalar)
        {
            throw new UnreadableSourceException(DefinitionCodes.TooDeep, PositionOf(current), $"nested deeper than {DefinitionLimits.Depth} levels");
        }

        SourceNode node = current switch
        {
            Scalar scalar => ScalarOf(scalar),
            SequenceStart => ReadSequence(depth),
            MappingStart => ReadMapping(depth),
            _ => new SourceScalar(PositionOf(current), ScalarKind.Null, "", textOffset: null),
        };
        RefuseFeatures(current, node);
        return node;
    }

    private SourceSequence ReadSequence(int depth)
    {
        var start = PositionOf(_parser.Current!);
        var items = new List<SourceNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(start, items);
    }

    private SourceMapping ReadMapping(int depth)
    {
        var start = PositionOf(_parser.Current!);
        var entries = new List<SourceEntry>();
        var isFaulty = false;
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            _parser.MoveNext();
            var value = ReadNode(depth + 1);
            if (KeyOf(key) is { } text)
            {
                entries.Add(new(text, value));
            }
            else
            {
                isFaulty = true;
            }
        }

        // Keys that are missing because of an unreadable key are not reported again.
        return new(start, entries) { IsFaulty = isFaulty };
    }

    private SourceScalar? KeyOf(SourceNode key)
    {
        if (key is not SourceScalar { Kind: ScalarKind.Text } text)
        {
            if (!key.IsFaulty)
            {
                _problems.Add(DefinitionCodes.KeyNotText, key, key is SourceScalar { Kind: ScalarKind.Null } nothing
                    ? nothing.Text.Length == 0 ? "a key is missing here; write one before the colon" : $"a key must be text, and {Excerpt.Of(nothing.Text)} is null; put it in quotes"
                    : $"a key must be text, and this is {key.Description}; put it in quotes");
            }

            return null;
        }

        if (text.Text == "<<" && text.PositionOf(0) == text.Start)
        {
            _problems.Add(DefinitionCodes.YamlFeature, text, "merge keys `<<` are not supported; write the keys out");
            return null;
        }

        return text;
    }

    private SourceScalar ScalarOf(Scalar scalar)
    {
        var plain = scalar.Style is ScalarStyle.Plain;
        var value = _separators.Restore(scalar.Value);
        var kind = plain && scalar.Tag.IsEmpty ? ScalarTyping.KindOf(value) : ScalarKind.Text;
        var quotes = plain ? 0 : 1;
        var isVerbatim = scalar.Start.Line == scalar.End.Line && scalar.End.Column - scalar.Start.Column == value.Length + (2 * quotes);
        var node = new SourceScalar(PositionOf(scalar), kind, value, isVerbatim ? quotes : null);
        if (plain && IsCutExpression(value))
        {
            _problems.Add(DefinitionCodes.UnquotedExpression, node, $"{Excerpt.Of(value)} has no `}}}}`: YAML may have cut it at ` #`; put this in quotes");
        }
        else if (UnicodeText.IndexOfHalfPair(value) >= 0)
        {
            _problems.Add(DefinitionCodes.NotText, node, "half a surrogate pair is not a character");
            return new(node.Start, ScalarKind.Text, "", textOffset: null) { IsFaulty = true };
        }

        return node;
    }

    private static bool IsCutExpression(string text)
    {
        var open = text.LastIndexOf("${{", StringComparison.Ordinal);
        return open >= 0 && !text.AsSpan(open).Contains("}}", StringComparison.Ordinal);
    }

    private void RefuseFeatures(ParsingEvent @event, SourceNode node)
    {
        var feature = @event switch
        {
            AnchorAlias alias => $"aliases such as {Excerpt.Of("*" + alias.Value)}",
            NodeEvent { Anchor.IsEmpty: false } anchored => $"anchors such as {Excerpt.Of("&" + anchored.Anchor)}",
            NodeEvent { Tag.IsEmpty: false } tagged when !tagged.Tag.IsNonSpecific => $"tags such as {Excerpt.Of(tagged.Tag.Value)}",
            NodeEvent { Tag.IsEmpty: false } => "tags such as `!`",
            _ => null,
        };
        if (feature is not null && !node.IsFaulty)
        {
            _problems.Add(DefinitionCodes.YamlFeature, node, feature + " are not supported; write the value out");
        }
    }

    private static SourcePosition PositionOf(ParsingEvent @event) => new((int)@event.Start.Line, (int)@event.Start.Column);
}
