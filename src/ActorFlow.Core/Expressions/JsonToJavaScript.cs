using System.Text.Json;
using ActorFlow.Core.Payloads;
using Jint;
using Jint.Native;

namespace ActorFlow.Core.Expressions;

/// <summary>JSON to real JavaScript objects and arrays of one engine, owing nothing to .NET.</summary>
internal static class JsonToJavaScript
{
    public static JsValue Convert(Engine engine, Payload payload)
    {
        var reader = new Utf8JsonReader(payload.Utf8.Span, PathEvaluation.Reading);
        reader.Read();
        return Value(engine, ref reader);
    }

    private static JsValue Value(Engine engine, ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Object(engine, ref reader),
        JsonTokenType.StartArray => Array(engine, ref reader),
        JsonTokenType.String => JsString.Create(JsonText.Read(ref reader)),
        JsonTokenType.Number => reader.TryGetInt32(out var number) ? JsNumber.Create(number) : JsNumber.Create(reader.GetDouble()),
        JsonTokenType.True => JsBoolean.True,
        JsonTokenType.False => JsBoolean.False,
        _ => JsValue.Null,
    };

    private static JsObject Object(Engine engine, ref Utf8JsonReader reader)
    {
        var entries = new List<KeyValuePair<string, JsValue>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            entries.Add(new(name, Value(engine, ref reader)));
        }

        return JsObject.CreateFromEntries(engine, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries));
    }

    private static JsArray Array(Engine engine, ref Utf8JsonReader reader)
    {
        var items = new List<JsValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Value(engine, ref reader));
        }

        return new JsArray(engine, [.. items]);
    }
}
