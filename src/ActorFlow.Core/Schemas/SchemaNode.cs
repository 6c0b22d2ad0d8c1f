using System.Collections.Immutable;
using System.Text.Json;

namespace ActorFlow.Core.Schemas;

/// <summary>The types of JSON Schema, as flags.</summary>
[Flags]
internal enum SchemaTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    Number = 16,
    Integer = 32,
    String = 64,
}

/// <summary>One parsed schema; null means that the keyword is absent. It is filled while it is read, since schemas may refer to themselves.</summary>
internal sealed class SchemaNode
{
    /// <summary>The boolean schemas: <c>true</c> allows everything, <c>false</c> nothing.</summary>
    public bool? Always { get; set; }

    public SchemaTypes Types { get; set; }

    public ImmutableArray<JsonElement> Enum { get; set; }

    /// <summary>The values of <c>enum</c> as a set, for fast lookups.</summary>
    public HashSet<JsonElement>? EnumValues { get; set; }

    public JsonElement? Const { get; set; }

    public SchemaNode? Reference { get; set; }

    public Dictionary<string, SchemaNode>? Properties { get; set; }

    public ImmutableArray<string> Required { get; set; } = [];

    public SchemaNode? AdditionalProperties { get; set; }

    public int? MinProperties { get; set; }

    public int? MaxProperties { get; set; }

    public ImmutableArray<SchemaNode> PrefixItems { get; set; } = [];

    public SchemaNode? Items { get; set; }

    public int? MinItems { get; set; }

    public int? MaxItems { get; set; }

    public bool UniqueItems { get; set; }

    public int? MinLength { get; set; }

    public int? MaxLength { get; set; }

    public SchemaPattern? Pattern { get; set; }

    public Func<string, bool>? Format { get; set; }

    public string? FormatName { get; set; }

    public JsonElement? Minimum { get; set; }

    public JsonElement? Maximum { get; set; }

    public JsonElement? ExclusiveMinimum { get; set; }

    public JsonElement? ExclusiveMaximum { get; set; }

    public JsonElement? MultipleOf { get; set; }

    public bool LimitsNumbers => (Minimum ?? Maximum ?? ExclusiveMinimum ?? ExclusiveMaximum ?? MultipleOf) is not null;

    public ImmutableArray<SchemaNode> AllOf { get; set; } = [];

    public ImmutableArray<SchemaNode> AnyOf { get; set; } = [];

    public ImmutableArray<SchemaNode> OneOf { get; set; } = [];

    public SchemaNode? Not { get; set; }

    public SchemaNode? If { get; set; }

    public SchemaNode? Then { get; set; }

    public SchemaNode? Else { get; set; }

    /// <summary>The schemas that apply to the same value as this one: a circle of them would never end.</summary>
    public IEnumerable<SchemaNode> InPlace =>
        AllOf.Concat(AnyOf).Concat(OneOf).Concat(new[] { Reference, Not, If, Then, Else }.OfType<SchemaNode>());
}
