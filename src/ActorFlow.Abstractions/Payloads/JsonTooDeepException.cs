using System.Text.Json;

namespace ActorFlow;

/// <summary>A JSON value nests deeper than 128.</summary>
public sealed class JsonTooDeepException() : JsonException($"It nests deeper than {JsonDepth.Limit} levels.");
