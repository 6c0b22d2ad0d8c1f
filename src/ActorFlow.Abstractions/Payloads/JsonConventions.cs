using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ActorFlow;

/// <summary>
/// System.Text.Json's options, changed to read and write as deep as payloads may be (the default stops at 64 levels)
/// and to write text as it is, so that half of a surrogate pair is refused whatever encoder the given options name.
/// </summary>
internal static class JsonConventions
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { MaxDepth = JsonDepth.Stored, Encoder = JsonCharacters.Plain };

    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Adapted = [];

    /// <summary>The given options, or the web conventions. A depth that the options set is kept.</summary>
    public static JsonSerializerOptions Of(JsonSerializerOptions? options) =>
        options is null ? Web
        : Adapted.GetValue(options, static given => new(given)
        {
            MaxDepth = given.MaxDepth != 0 ? given.MaxDepth : JsonDepth.Stored,
            Encoder = JsonCharacters.Plain,
        });
}
