using System.Text.Json;
using ActorFlow.Core.Expressions.Paths;
using Jint;
using Jint.Native;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>Converts JSON to JavaScript objects and arrays of one engine, without .NET objects in them.</summary>
internal sealed class JsonToJavaScript(Engine engine)
{
    /// <summary>The engine's numbers that JavaScript does not hold.</summary>
    public ExactNumbers Numbers { get; } = new(engine);

    public JsValue Convert(Payload payload) => Convert(payload.Utf8.Span);

    /// <param name="json">One JSON value.</param>
    public JsValue Convert(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonDepth.Reading);
        reader.Read();
        return Value(ref reader);
    }

    private JsValue Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Object(ref reader),
        JsonTokenType.StartArray => Array(ref reader),
        JsonTokenType.String => JsString.Create(JsonText.Read(ref reader)),
        JsonTokenType.Number => Numbers.Read(ref reader),
        JsonTokenType.True => JsBoolean.True,
        JsonTokenType.False => JsBoolean.False,
        _ => JsValue.Null,
    };

    private JsObject Object(ref Utf8JsonReader reader)
    {
        var entries = new List<KeyValuePair<string, JsValue>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            entries.Add(new(name, Value(ref reader)));
        }

        return JsObject.CreateFromEntries(engine, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries));
    }

    private JsArray Array(ref Utf8JsonReader reader)
    {
        var items = new List<JsValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Value(ref reader));
        }

        return new JsArray(engine, [.. items]);
    }
}
