using System.Text.Json;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Finds the strings of a payload that may hold expressions.</summary>
internal static class PayloadStrings
{
    /// <summary>Calls <paramref name="visit"/> for each string value, with its path, if any of them may hold an expression.</summary>
    public static void Visit(Payload payload, DefinitionPath path, Action<string, DefinitionPath> visit)
    {
        // Most payloads hold no expression: a search is cheaper than a parse. A `$` or `{` may be escaped.
        var utf8 = payload.Utf8.Span;
        if (utf8.IndexOf("${{"u8) < 0 && utf8.IndexOf((byte)'\\') < 0)
        {
            return;
        }

        using var document = payload.ToDocument();
        Visit(document.RootElement, path, visit);
    }

    private static void Visit(JsonElement element, DefinitionPath path, Action<string, DefinitionPath> visit)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                visit(element.GetString()!, path);
                break;

            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Visit(property.Value, path[property.Name], visit);
                }

                break;

            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item, path[index++], visit);
                }

                break;
        }
    }
}
