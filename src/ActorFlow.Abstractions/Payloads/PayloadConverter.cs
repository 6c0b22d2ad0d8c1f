using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorFlow;

/// <summary>Reads and writes a payload as the JSON value that it holds.</summary>
internal sealed class PayloadConverter : JsonConverter<Payload>
{
    // The JSON value null is a payload too.
    public override bool HandleNull => true;

    public override Payload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            var payload = Payload.FromElement(document.RootElement);
            return JsonDepth.IsOver(payload.Utf8.Span) ? throw new JsonTooDeepException() : payload;
        }
        catch (InvalidOperationException cause)
        {
            throw new JsonException(JsonCharacters.HalfPair, cause);
        }
    }

    public override void Write(Utf8JsonWriter writer, Payload? value, JsonSerializerOptions options) =>
        writer.WriteRawValue((value ?? Payload.Null).Utf8.Span, skipInputValidation: true);
}
