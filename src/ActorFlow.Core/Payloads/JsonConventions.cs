using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ActorFlow.Core.Payloads;

/// <summary>System.Text.Json's options, made to read and write as deep as payloads may be; without more it stops at 64 levels.</summary>
internal static class JsonConventions
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { MaxDepth = JsonDepth.Stored };

    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Deeper = [];

    /// <summary>The options given, or the web conventions. A depth that they set themselves stands.</summary>
    public static JsonSerializerOptions Of(JsonSerializerOptions? options) =>
        options is null ? Web
        : options.MaxDepth != 0 ? options
        : Deeper.GetValue(options, static given => new(given) { MaxDepth = JsonDepth.Stored });
}
