using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>Makes payloads of .NET objects, in the form that the data of a file has.</summary>
internal static class BuiltPayload
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Payload Of(object? value) => value as Payload ?? Payload.From(value, Options);
}
