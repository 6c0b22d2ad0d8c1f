using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Core.Expressions.Paths;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Splits a JSON value into parts that stay as written and parts that are evaluated.</summary>
internal sealed class TemplateParser
{
    private readonly ImmutableArray<TemplatePart>.Builder _parts = ImmutableArray.CreateBuilder<TemplatePart>();
    private readonly ImmutableArray<ExpressionSite>.Builder _sites = ImmutableArray.CreateBuilder<ExpressionSite>();
    private readonly JsonPointer _pointer = new();
    private readonly ReadOnlyMemory<byte> _json;
    private int _written;

    private TemplateParser(ReadOnlyMemory<byte> json) => _json = json;

    /// <exception cref="ExpressionSyntaxException">One of the strings holds an expression that cannot be parsed.</exception>
    public static Template Parse(Payload value)
    {
        var parser = new TemplateParser(value.Utf8);
        parser.ReadStrings();
        parser.AddJson(value.Length);
        return new(value, parser._sites.Count == 0 ? [] : parser._parts.ToImmutable(), parser._sites.ToImmutable());
    }

    private void ReadStrings()
    {
        var reader = new Utf8JsonReader(_json.Span, JsonDepth.Reading);
        while (reader.Read())
        {
            _pointer.Move(ref reader);
            if (reader.TokenType == JsonTokenType.String && MayHoldExpression(ref reader))
            {
                ReadString(JsonText.Read(ref reader), (int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            }
        }
    }

    private static bool MayHoldExpression(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped || reader.ValueSpan.IndexOf("${{"u8) >= 0;

    private void ReadString(string text, int start, int end)
    {
        if (!text.Contains(TextParser.Open, StringComparison.Ordinal))
        {
            return;
        }

        var pointer = _pointer.ToString();
        try
        {
            var (pieces, offsets) = TextParser.Parse(text);
            AddJson(start);
            _written = end;
            _parts.Add(pieces is [{ Expression: { Secret: null } only }] ? new ValuePart(only) : new TextPart(pieces, pointer));
            var expressions = pieces.Where(piece => piece.Expression is not null).Select(piece => piece.Expression!);
            _sites.AddRange(expressions.Zip(offsets, (expression, offset) => new ExpressionSite(expression, pointer, offset)));
        }
        catch (ExpressionSyntaxException e)
        {
            throw e.At(pointer);
        }
    }

    private void AddJson(int end)
    {
        if (end > _written)
        {
            _parts.Add(new JsonPart(_json[_written..end]));
        }
    }
}
