using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Schemas;

/// <summary>Reads a schema and finds all its errors.</summary>
internal sealed class SchemaReader
{
    /// <summary>The most digits of a <c>multipleOf</c>: a division takes more than linear time.</summary>
    private const int MaxDivisorDigits = 1_000;

    private readonly ImmutableArray<SchemaError>.Builder _errors = ImmutableArray.CreateBuilder<SchemaError>();
    private readonly Dictionary<string, SchemaNode> _definitions = new(StringComparer.Ordinal);
    private readonly List<(string Pointer, string Target, SchemaNode Node)> _references = [];

    public ImmutableArray<SchemaError> Errors => _errors.ToImmutable();

    private bool IsFull => _errors.Count >= JsonSchema.MaxErrors;

    public SchemaNode Read(JsonElement schema)
    {
        var root = ReadSchema(schema, "");
        foreach (var (pointer, target, node) in _references)
        {
            node.Reference = Find(target, root);
            if (node.Reference is null && !IsFull)
            {
                Error(pointer, $"{Excerpt.Of(target)} names nothing; a reference is `#` or `#/$defs/NAME`{NearestWord.Suggest(target, _definitions.Keys)}");
            }
        }

        var circles = SchemaCircles.Of(_references.Select(reference => reference.Node));
        foreach (var (pointer, _, node) in _references)
        {
            if (circles.Contains(node))
            {
                Error(pointer, "the schema refers to itself for the same value, without end");
            }
        }

        return root;
    }

    /// <summary>Finds the target of a reference. It is a fragment of a URI, in which any character may be written as <c>%XX</c>.</summary>
    private SchemaNode? Find(string target, SchemaNode root) =>
        target == "#" ? root : _definitions.GetValueOrDefault(Uri.UnescapeDataString(target)) ?? _definitions.GetValueOrDefault(target);

    private SchemaNode ReadSchema(JsonElement schema, string pointer)
    {
        var node = new SchemaNode();
        switch (schema.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                node.Always = schema.ValueKind is JsonValueKind.True;
                break;

            case JsonValueKind.Object:
                foreach (var keyword in schema.EnumerateObject())
                {
                    ReadKeyword(node, keyword.Name, keyword.Value, SchemaPointer.Append(pointer, keyword.Name), isRoot: pointer.Length == 0);
                }

                break;

            default:
                Error(pointer, "a schema must be a mapping, `true` or `false`");
                break;
        }

        return node;
    }

    private void ReadKeyword(SchemaNode node, string name, JsonElement value, string at, bool isRoot)
    {
        switch (name)
        {
            case "type": node.Types = ReadTypes(value, at); break;
            case "enum": ReadEnum(node, value, at); break;
            case "const": node.Const = value.Clone(); break;
            case "$ref": _references.Add((at, Text(value, at), node)); break;
            case "properties": node.Properties = ReadSchemas(value, at); break;
            case "required": node.Required = [.. List(value, at).Select(one => Text(one, at))]; break;
            case "additionalProperties": node.AdditionalProperties = ReadSchema(value, at); break;
            case "minProperties": node.MinProperties = Count(value, at); break;
            case "maxProperties": node.MaxProperties = Count(value, at); break;
            case "items": node.Items = ReadSchema(value, at); break;
            case "prefixItems": node.PrefixItems = ReadList(value, at); break;
            case "minItems": node.MinItems = Count(value, at); break;
            case "maxItems": node.MaxItems = Count(value, at); break;
            case "uniqueItems": node.UniqueItems = Flag(value, at); break;
            case "minLength": node.MinLength = Count(value, at); break;
            case "maxLength": node.MaxLength = Count(value, at); break;
            case "pattern": node.Pattern = ReadPattern(Text(value, at), at); break;
            case "format": ReadFormat(node, Text(value, at), at); break;
            case "minimum": node.Minimum = Number(value, at); break;
            case "maximum": node.Maximum = Number(value, at); break;
            case "exclusiveMinimum": node.ExclusiveMinimum = Number(value, at); break;
            case "exclusiveMaximum": node.ExclusiveMaximum = Number(value, at); break;
            case "multipleOf": node.MultipleOf = ReadDivisor(value, at); break;
            case "allOf": node.AllOf = ReadList(value, at); break;
            case "anyOf": node.AnyOf = ReadList(value, at); break;
            case "oneOf": node.OneOf = ReadList(value, at); break;
            case "not": node.Not = ReadSchema(value, at); break;
            case "if": node.If = ReadSchema(value, at); break;
            case "then": node.Then = ReadSchema(value, at); break;
            case "else": node.Else = ReadSchema(value, at); break;
            default: ReadAnnotation(name, value, at, isRoot); break;
        }
    }

    private void ReadAnnotation(string name, JsonElement value, string at, bool isRoot)
    {
        if (!SchemaKeywords.Annotations.Contains(name))
        {
            Error(at, $"the keyword {Excerpt.Of(name)} is not supported{NearestWord.Suggest(name, SchemaKeywords.All)}", atKey: true);
        }
        else if (!isRoot && name is "$defs" or "$id" or "$schema")
        {
            Error(at, $"`{name}` stands at the top of a schema only", atKey: true);
        }
        else if (name == "$schema" && Text(value, at).TrimEnd('#') is { Length: > 0 } dialect && dialect != SchemaKeywords.Dialect)
        {
            Error(at, $"the dialect must be {Excerpt.Of(SchemaKeywords.Dialect)}");
        }
        else if (name == "$defs")
        {
            foreach (var (key, schema) in ReadSchemas(value, at))
            {
                _definitions[SchemaPointer.Append("#/$defs", key)] = schema;
            }
        }
    }

    private SchemaTypes ReadTypes(JsonElement value, string at)
    {
        var types = SchemaTypes.None;
        foreach (var one in value.ValueKind is JsonValueKind.String ? [value] : List(value, at))
        {
            var name = Text(one, at);
            var type = Array.Find(SchemaKeywords.Types, known => known.Name == name).Type;
            if (type is SchemaTypes.None && name.Length > 0)
            {
                Error(at, $"{Excerpt.Of(name)} is no type{NearestWord.Suggest(name, SchemaKeywords.Types.Select(known => known.Name))}");
            }

            types |= type;
        }

        return types;
    }

    private SchemaPattern? ReadPattern(string text, string at)
    {
        try
        {
            return SchemaPattern.Parse(text);
        }
        catch (ArgumentException error)
        {
            Error(at, $"not a regular expression: {OneLine.Of(error.Message)}");
            return null;
        }
    }

    private void ReadFormat(SchemaNode node, string name, string at)
    {
        (node.FormatName, node.Format) = (name, SchemaFormats.Find(name));
        if (node.Format is null && name.Length > 0)
        {
            Error(at, $"the format {Excerpt.Of(name)} is not supported{NearestWord.Suggest(name, SchemaFormats.Names)} (known: {string.Join(", ", SchemaFormats.Names)})");
        }
    }

    private void ReadEnum(SchemaNode node, JsonElement value, string at)
    {
        node.Enum = [.. List(value, at).Select(one => one.Clone())];
        node.EnumValues = new(node.Enum, JsonEquality.Instance);
    }

    private JsonElement? ReadDivisor(JsonElement value, string at)
    {
        if (Number(value, at) is not { } number)
        {
            return null;
        }

        var divisor = JsonNumber.Of(number);
        if (divisor.IsPositive && divisor.Digits <= MaxDivisorDigits && divisor.Text.Length <= MaxDivisorDigits)
        {
            return number;
        }

        Error(at, divisor.IsPositive ? $"must have {MaxDivisorDigits} digits at most" : "must be greater than zero");
        return null;
    }

    // 

    private Dictionary<string, SchemaNode> ReadSchemas(JsonElement value, string at)
    {
        var schemas = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        if (value.ValueKind is not JsonValueKind.Object)
        {
            Error(at, "must be a mapping of schemas");
            return schemas;
        }

        foreach (var property in value.EnumerateObject())
        {
            schemas[property.Name] = ReadSchema(property.Value, SchemaPointer.Append(at, property.Name));
        }

        return schemas;
    }

    private ImmutableArray<SchemaNode> ReadList(JsonElement value, string at) =>
        [.. List(value, at).Select((one, index) => ReadSchema(one, SchemaPointer.Append(at, index)))];

    private IEnumerable<JsonElement> List(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            return value.EnumerateArray();
        }

        Error(at, "must be a list");
        return [];
    }

    private string Text(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            return value.GetString()!;
        }

        Error(at, "must be text");
        return "";
    }

    private bool Flag(JsonElement value, string at)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Error(at, "must be `true` or `false`");
        }

        return value.ValueKind is JsonValueKind.True;
    }

    private JsonElement? Number(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.Number)
        {
            return value.Clone();
        }

        Error(at, "must be a number");
        return null;
    }

    /// <summary>Reads a whole number, also one written as <c>2.0</c>; one that an int cannot hold becomes the largest int.</summary>
    private int? Count(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.Number && JsonNumber.Of(value) is { IsInteger: true } count && (count.IsPositive || count.IsZero))
        {
            return (int)Math.Min(value.GetDouble(), int.MaxValue);
        }

        Error(at, "must be a whole number, zero or more");
        return null;
    }

    private void Error(string pointer, string message, bool atKey = false)
    {
        if (!IsFull)
        {
            _errors.Add(new(pointer, message) { AtKey = atKey });
        }
    }
}
