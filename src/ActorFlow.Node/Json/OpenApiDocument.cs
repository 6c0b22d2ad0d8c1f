using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using ActorFlow.Node.Api;

namespace ActorFlow.Node.Json;

/// <summary>The OpenAPI 3.1 document of the JSON API: it follows from the routes and from the types of their answers.</summary>
internal static class OpenApiDocument
{
    private const string Schemas = "#/components/schemas/";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The document as UTF-8 JSON.</summary>
    public static byte[] Write(IReadOnlyList<JsonRoute> routes) => JsonSerializer.SerializeToUtf8Bytes(Of(routes), Indented);

    /// <summary>The document.</summary>
    public static JsonObject Of(IReadOnlyList<JsonRoute> routes)
    {
        var schemas = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            var path = JsonRoutes.Prefix + route.Path;
            if (paths[path] is not JsonObject methods)
            {
                paths[path] = methods = [];
            }

            methods[route.Method.ToLowerInvariant()] = OperationOf(route, schemas);
        }

        SchemaOf(typeof(ProblemAnswer), schemas);
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "ActorFlow",
                ["version"] = JsonRoutes.Build,
                ["description"] = "Starts, steers and reads workflow runs. A run whose id holds '/' (a child) is written with %2F, or read at /api/v1/workflows/-/...?id=.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value))),
                ["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
        };
    }

    private static JsonObject OperationOf(JsonRoute route, SortedDictionary<string, JsonNode> schemas)
    {
        var parameters = new JsonArray();
        foreach (var segment in route.Path.Split('/').Where(segment => segment.StartsWith('{')))
        {
            parameters.Add(new JsonObject
            {
                ["name"] = segment[1..^1],
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string" },
            });
        }

        foreach (var parameter in route.Parameters)
        {
            var type = new JsonObject { ["type"] = parameter.Type };
            parameters.Add(new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = "query",
                ["description"] = parameter.Description,
                ["schema"] = parameter.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = type } : type,
            });
        }

        if (route.IsCommand)
        {
            parameters.Add(new JsonObject
            {
                ["name"] = "Idempotency-Key",
                ["in"] = "header",
                ["description"] = "The id of the command, 1 to 200 visible ASCII characters: a repeat under the same one changes nothing.",
                ["schema"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 200 },
            });
        }

        var operation = new JsonObject
        {
            ["operationId"] = route.Name,
            ["summary"] = route.Summary,
            ["description"] = route.Role == ApiRole.None ? "Open to everybody." : $"Needs the role {route.Role.ToWord()}.",
            ["tags"] = new JsonArray(route.Name.Split('.')[0]),
            ["parameters"] = parameters,
            ["responses"] = ResponsesOf(route, schemas),
        };
        if (route.Role != ApiRole.None)
        {
            operation["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() });
        }

        if (route.Body is { } body)
        {
            operation["requestBody"] = BodyOf(body);
        }

        return operation;
    }

    private static JsonObject ResponsesOf(JsonRoute route, SortedDictionary<string, JsonNode> schemas)
    {
        var responses = new JsonObject();
        foreach (var (status, type) in route.Answers)
        {
            var response = new JsonObject { ["description"] = DescriptionOf(status) };
            if (type is not null)
            {
                response["content"] = new JsonObject { [route.AnswerType] = new JsonObject { ["schema"] = SchemaOf(type, schemas) } };
            }

            responses[$"{status}"] = response;
        }

        responses["default"] = new JsonObject
        {
            ["description"] = "A refusal.",
            ["content"] = new JsonObject
            {
                ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = Schemas + nameof(ProblemAnswer) } },
            },
        };
        return responses;
    }

    private static string DescriptionOf(int status) => status switch
    {
        200 => "Done.",
        201 => "Created.",
        202 => "Not yet.",
        _ => "Done; there is nothing to say.",
    };

    private static JsonObject BodyOf(JsonBody body)
    {
        JsonNode schema = new JsonObject();
        if (body.Fields.Length > 0)
        {
            var properties = new JsonObject();
            foreach (var field in body.Fields)
            {
                var property = new JsonObject { ["description"] = field.Description };
                if (field.Type == "object")
                {
                    property["type"] = "object";
                    property["additionalProperties"] = new JsonObject { ["type"] = "string" };
                }
                else if (field.Type != "any")
                {
                    property["type"] = field.Type;
                }

                properties[field.Name] = property;
            }

            schema = new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = properties,
                ["required"] = new JsonArray([.. body.Fields.Where(field => field.IsRequired).Select(field => JsonValue.Create(field.Name))]),
            };
        }

        var content = new JsonObject();
        foreach (var mediaType in body.MediaTypes)
        {
            content[mediaType] = new JsonObject { ["schema"] = schema.DeepClone() };
        }

        return new() { ["content"] = content, ["required"] = body.Fields.Any(field => field.IsRequired) };
    }

    private static JsonNode SchemaOf(Type type, SortedDictionary<string, JsonNode> schemas)
    {
        if (type == typeof(Payload))
        {
            return new JsonObject { ["description"] = "Any JSON value." };
        }

        if (type == typeof(string))
        {
            return new JsonObject { ["type"] = "string" };
        }

        var name = type.IsGenericType ? $"{type.GetGenericArguments()[0].Name}List" : type.Name;
        if (!schemas.ContainsKey(name))
        {
            var exported = ApiJson.Default.Options.GetJsonSchemaAsNode(type, new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });
            // References within the schema begin at its own root.
            schemas[name] = Rebase(exported, Schemas + name);
        }

        return new JsonObject { ["$ref"] = Schemas + name };
    }

    // The exporter cannot look into converters.
    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        return type == typeof(Payload) ? new JsonObject { ["description"] = "Any JSON value." }
            : type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
            : type == typeof(Guid) ? new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-f]{32}$" }
            : type == typeof(HistoryToken) ? new JsonObject { ["type"] = "string", ["description"] = "runId.row.index" }
            : schema;
    }

    private static JsonNode Rebase(JsonNode node, string root)
    {
        if (node is JsonObject map)
        {
            if (map["$ref"] is JsonValue reference && reference.GetValue<string>() is ['#', .. var rest])
            {
                map["$ref"] = root + rest;
            }

            foreach (var child in map.Select(property => property.Value).OfType<JsonNode>().ToList())
            {
                Rebase(child, root);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var child in list.OfType<JsonNode>())
            {
                Rebase(child, root);
            }
        }

        return node;
    }
}
