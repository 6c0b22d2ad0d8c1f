using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>Writes a computed value as the text that stands in a definition.</summary>
internal sealed class ComputedConverter : JsonConverter<Computed>
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(Computed));

    public override Computed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A computed value has no value before the run.");

    public override void Write(Utf8JsonWriter writer, Computed value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
