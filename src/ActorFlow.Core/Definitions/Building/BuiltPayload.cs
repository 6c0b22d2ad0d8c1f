using System.Text.Encodings.Web;
using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>.NET objects as payloads, in the form that a file's data takes.</summary>
internal static class BuiltPayload
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Payload Of(object? value) => value as Payload ?? Payload.From(value, Options);
}
