using System.Text;
using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Reads a JSON file into the same nodes as YAML.</summary>
internal ref struct JsonSource
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly ProblemList _problems;
    private Utf8JsonReader _reader;
    private readonly int _maxDepth;
    private int _line = 1;
    private int _column = 1;
    private int _counted;

    private JsonSource(ReadOnlySpan<byte> utf8, int maxDepth, ProblemList problems)
    {
        _utf8 = utf8;
        _problems = problems;
        _maxDepth = maxDepth;
        _reader = new(utf8, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
    }

    /// <summary>Whether a file is to be read as JSON: by its name, or because it begins with <c>{</c>.</summary>
    public static bool IsJson(string text, string fileName) =>
        fileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        || (text.AsSpan().TrimStart() is ['{', ..]
            && !fileName.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) && !fileName.EndsWith(".yml", StringComparison.OrdinalIgnoreCase));

    /// <summary>The one document; empty after a syntax error, which has then been reported.</summary>
    public static List<SourceNode> Read(string text, ProblemList problems)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        if (text.Length > DefinitionLimits.DefinitionBytes)
        {
            problems.Add(DefinitionCodes.TooLarge, SourcePosition.Start, "the definition is over 1 MiB");
            return [];
        }

        return Read(Encoding.UTF8.GetBytes(text), DefinitionLimits.Depth, problems);
    }

    /// <inheritdoc cref="Read(string, ProblemList)"/>
    public static List<SourceNode> Read(ReadOnlySpan<byte> utf8, int maxDepth, ProblemList problems)
    {
        var source = new JsonSource(utf8, maxDepth, problems);
        try
        {
            source._reader.Read();
            var root = source.ReadNode(depth: 1);
            source._reader.Read();
            return [root];
        }
        catch (UnreadableSourceException error)
        {
            problems.Add(error.Code, error.Position, error.Message);
        }
        catch (JsonException error)
        {
            problems.Add(DefinitionCodes.Syntax, source.PositionOf(error), "not JSON: " + Describe(error));
        }

        return [];
    }

    private SourceNode ReadNode(int depth)
    {
        var start = Here();
        if (depth > _maxDepth && _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            throw new UnreadableSourceException(DefinitionCodes.TooDeep, start, $"nested deeper than {_maxDepth} levels");
        }

        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMapping(start, depth),
            JsonTokenType.StartArray => ReadSequence(start, depth),
            JsonTokenType.String => ReadText(start),
            JsonTokenType.Number => new SourceScalar(start, ScalarKind.Number, RawText(), textOffset: 0),
            JsonTokenType.True => new SourceScalar(start, ScalarKind.True, "true", textOffset: 0),
            JsonTokenType.False => new SourceScalar(start, ScalarKind.False, "false", textOffset: 0),
            _ => new SourceScalar(start, ScalarKind.Null, "", textOffset: null),
        };
    }

    private SourceSequence ReadSequence(SourcePosition start, int depth)
    {
        var items = new List<SourceNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(start, items);
    }

    private SourceMapping ReadMapping(SourcePosition start, int depth)
    {
        var entries = new List<SourceEntry>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var key = ReadText(Here());
            _reader.Read();
            entries.Add(new(key, ReadNode(depth + 1)));
        }

        return new(start, entries);
    }

    private SourceScalar ReadText(SourcePosition start)
    {
        try
        {
            var text = _reader.GetString()!;
            return new(start, ScalarKind.Text, text, _reader.ValueIsEscaped ? null : 1);
        }
        catch (InvalidOperationException)
        {
            var node = new SourceScalar(start, ScalarKind.Text, "", textOffset: null);
            _problems.Add(DefinitionCodes.NotText, node, "half a surrogate pair is not a character");
            return node;
        }
    }

    private readonly string RawText() => Encoding.UTF8.GetString(_reader.ValueSpan);

    /// <summary>The position of the current token. Tokens come in order, so lines are counted from the last position.</summary>
    private SourcePosition Here()
    {
        var offset = (int)_reader.TokenStartIndex;
        for (; _counted < offset; _counted++)
        {
            (_line, _column) = _utf8[_counted] == '\n' ? (_line + 1, 1) : (_line, _column + Utf16UnitsOf(_utf8[_counted]));
        }

        return new(_line, _column);
    }

    /// <summary>The number of UTF-16 units of the character that this byte begins; 0 for a byte within a character.</summary>
    private static int Utf16UnitsOf(byte value) => value switch
    {
        < 0x80 => 1,
        < 0xC0 => 0,
        < 0xF0 => 1,
        _ => 2,
    };

    private readonly SourcePosition PositionOf(JsonException error)
    {
        var (line, start) = ((int)(error.LineNumber ?? 0), 0);
        for (var i = 0; i < line; i++)
        {
            start += _utf8[start..].IndexOf((byte)'\n') + 1;
        }

        var end = Math.Min(_utf8.Length, start + (int)(error.BytePositionInLine ?? 0));
        return new(line + 1, Encoding.UTF8.GetCharCount(_utf8[start..end]) + 1);
    }

    private static string Describe(JsonException error)
    {
        // The message ends with advice to programmers and with the position, which is reported already.
        var message = error.Message;
        foreach (var end in (ReadOnlySpan<string>)[" LineNumber:", " Change the reader options"])
        {
            var index = message.IndexOf(end, StringComparison.Ordinal);
            message = index < 0 ? message : message[..index];
        }

        message = OneLine.Of(message).TrimEnd('.');
        return message.Length > 200 ? message[..200] : message;
    }
}
