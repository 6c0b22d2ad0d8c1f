using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Node.Api;

/// <summary>Reads JSON values that callers send: strictly, since a key that stands twice means something else to every reader.</summary>
internal static class ApiPayload
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = JsonDepth.Limit };

    /// <summary>The payload of a part of a document that was read strictly.</summary>
    /// <param name="value">The value.</param>
    /// <param name="field">The name of what holds it, for messages.</param>
    /// <exception cref="InvalidRequestException"><c>invalid-request</c>: it nests too deep, or holds half of a surrogate pair.</exception>
    public static Payload Of(JsonElement value, string field)
    {
        try
        {
            var payload = Payload.FromElement(value);
            return JsonDepth.IsOver(payload.Utf8.Span) ? throw new JsonTooDeepException() : payload;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Wrong(field, wrong);
        }
    }

    /// <summary>Reads a value.</summary>
    /// <param name="utf8">The value as UTF-8 JSON.</param>
    /// <param name="field">The name of what holds it, for messages.</param>
    /// <exception cref="InvalidRequestException"><c>invalid-request</c>: it is no JSON value, nests too deep, or has a key twice.</exception>
    public static Payload Read(ReadOnlySpan<byte> utf8, string field)
    {
        try
        {
            var payload = Payload.Parse(utf8);
            using var document = JsonDocument.Parse(payload.Utf8, Strict);
            return payload;
        }
        catch (JsonException wrong)
        {
            throw Wrong(field, wrong);
        }
    }

    private static WorkflowRefusedException Wrong(string field, Exception cause) =>
        WorkflowRefusedException.Of("invalid-request", $"{field} is no JSON value: {OneLine.Of(cause.Message)}", cause);
}
