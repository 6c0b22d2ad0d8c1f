using System.Text.Json;

namespace ActorFlow.Core.Payloads;

/// <summary>A JSON value nests deeper than <see cref="JsonDepth.Limit"/>.</summary>
public sealed class JsonTooDeepException() : JsonException($"It nests deeper than {JsonDepth.Limit} levels.");
