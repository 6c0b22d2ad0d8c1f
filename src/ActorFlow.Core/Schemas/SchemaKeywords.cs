namespace ActorFlow.Core.Schemas;

/// <summary>The keywords of the subset.</summary>
internal static class SchemaKeywords
{
    public const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>Keywords that do not restrict values.</summary>
    public static readonly string[] Annotations =
        ["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$id", "$schema", "$defs"];

    public static readonly string[] All =
    [
        .. Annotations, "type", "enum", "const", "$ref", "properties", "required", "additionalProperties", "minProperties", "maxProperties",
        "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
    ];

    public static readonly (string Name, SchemaTypes Type)[] Types =
    [
        ("null", SchemaTypes.Null), ("boolean", SchemaTypes.Boolean), ("object", SchemaTypes.Object), ("array", SchemaTypes.Array),
        ("number", SchemaTypes.Number), ("integer", SchemaTypes.Integer), ("string", SchemaTypes.String),
    ];
}
