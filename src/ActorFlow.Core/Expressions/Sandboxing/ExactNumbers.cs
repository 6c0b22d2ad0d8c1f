using System.Text;
using System.Text.Json;
using ActorFlow.Core.Payloads;
using Jint;
using Jint.Native;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>The numbers of JSON in one engine. A number that JavaScript does not hold has one object per value, so that it equals itself and no other.</summary>
internal sealed class ExactNumbers(Engine engine)
{
    private Dictionary<string, ExactNumber>? _known;

    public JsValue Read(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt32(out var small))
        {
            return JsNumber.Create(small);
        }

        var number = reader.GetDouble();
        return JavaScriptNumber.Holds(number, reader.ValueSpan) ? JsNumber.Create(number) : Of(Encoding.ASCII.GetString(reader.ValueSpan));
    }

    /// <summary>The number, kept as it is written.</summary>
    public ExactNumber Of(string text)
    {
        var value = JsonNumber.Of(Encoding.ASCII.GetBytes(text)).ToCanonicalText();
        if ((_known ??= new(StringComparer.Ordinal)).TryGetValue(value, out var known))
        {
            return known;
        }

        return _known[value] = new ExactNumber(engine, text);
    }
}
