using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Schemas;

// What each keyword asks of a value of its type.
internal sealed partial class SchemaValidation
{
    private void CheckObject(SchemaNode schema, JsonElement value, Place place)
    {
        var count = value.GetPropertyCount();
        AtLeast(count, schema.MinProperties, "properties", place);
        AtMost(count, schema.MaxProperties, "properties", place);
        foreach (var name in schema.Required)
        {
            if (!value.TryGetProperty(name, out _))
            {
                Error(place, $"needs the property {Excerpt.Of(name)}");
            }
        }

        if (schema.Properties is null && schema.AdditionalProperties is null)
        {
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (IsDone)
            {
                return;
            }

            var inner = place.Of(property.Name);
            if (schema.Properties?.TryGetValue(property.Name, out var known) == true)
            {
                Check(known, property.Value, inner);
            }
            else if (schema.AdditionalProperties is { Always: false })
            {
                var suggestion = _trials == 0 ? NearestWord.Suggest(property.Name, schema.Properties?.Keys ?? Enumerable.Empty<string>()) : "";
                Error(inner, $"unknown property {Excerpt.Of(property.Name)}{suggestion}");
            }
            else if (schema.AdditionalProperties is { } additional)
            {
                Check(additional, property.Value, inner);
            }
        }
    }

    private void CheckArray(SchemaNode schema, JsonElement value, Place place)
    {
        var count = value.GetArrayLength();
        AtLeast(count, schema.MinItems, "items", place);
        AtMost(count, schema.MaxItems, "items", place);
        if (schema.PrefixItems.Length > 0 || schema.Items is not null)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (IsDone)
                {
                    return;
                }

                if ((index < schema.PrefixItems.Length ? schema.PrefixItems[index] : schema.Items) is { } inner)
                {
                    Check(inner, item, place.Of(index));
                }

                index++;
            }
        }

        if (schema.UniqueItems)
        {
            CheckUnique(value, place);
        }
    }

    private void CheckUnique(JsonElement value, Place place)
    {
        var seen = new HashSet<JsonElement>(JsonEquality.Instance);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            _steps++;
            if (!seen.Add(item))
            {
                Error(place.Of(index), "stands in this list already, and its items must be unique");
                return;
            }

            index++;
        }
    }

    private void CheckString(SchemaNode schema, JsonElement value, Place place)
    {
        if (schema.MinLength is null && schema.MaxLength is null && schema.Pattern is null && schema.Format is null)
        {
            return;
        }

        var text = value.GetString()!;
        if (schema.MinLength is not null || schema.MaxLength is not null)
        {
            // Characters as people count them: a surrogate pair is one.
            var length = text.EnumerateRunes().Count();
            AtLeast(length, schema.MinLength, "characters", place);
            AtMost(length, schema.MaxLength, "characters", place);
        }

        if (schema.Pattern?.IsMatch(text) == false)
        {
            Error(place, $"must match {Excerpt.Of(schema.Pattern.Text)}");
        }

        if (schema.Format?.Invoke(text) == false)
        {
            Error(place, $"is no {schema.FormatName}");
        }
    }

    private void CheckNumber(SchemaNode schema, JsonElement value, Place place)
    {
        var number = JsonNumber.Of(value);
        Refuse(schema.Minimum, limit => number.CompareTo(limit) < 0, "must be at least");
        Refuse(schema.Maximum, limit => number.CompareTo(limit) > 0, "must be at most");
        Refuse(schema.ExclusiveMinimum, limit => number.CompareTo(limit) <= 0, "must be more than");
        Refuse(schema.ExclusiveMaximum, limit => number.CompareTo(limit) >= 0, "must be less than");
        Refuse(schema.MultipleOf, divisor => !number.IsMultipleOf(divisor), "must be a multiple of");

        void Refuse(JsonNumber? limit, Func<JsonNumber, bool> isBroken, string message)
        {
            if (limit is { } given && isBroken(given))
            {
                Error(place, $"{message} {given.Text}");
            }
        }
    }

    private void AtLeast(int count, int? limit, string what, Place place)
    {
        if (count < limit)
        {
            Error(place, $"needs at least {limit} {what}, and has {count}");
        }
    }

    private void AtMost(int count, int? limit, string what, Place place)
    {
        if (count > limit)
        {
            Error(place, $"has {count} {what}, and may have {limit}");
        }
    }

    private static SchemaTypes TypesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => SchemaTypes.Null,
        JsonValueKind.True or JsonValueKind.False => SchemaTypes.Boolean,
        JsonValueKind.Object => SchemaTypes.Object,
        JsonValueKind.Array => SchemaTypes.Array,
        JsonValueKind.String => SchemaTypes.String,
        _ => JsonNumber.Of(value).IsInteger ? SchemaTypes.Number | SchemaTypes.Integer : SchemaTypes.Number,
    };

    private static string Describe(SchemaTypes types) =>
        types == (SchemaTypes.Number | SchemaTypes.Integer)
            ? "number"
            : string.Join(" or ", SchemaKeywords.Types.Where(known => types.HasFlag(known.Type)).Select(known => known.Name));

    /// <summary>Where a value stands, made into text only for an error.</summary>
    private sealed record Place(Place? Parent, string Name, int Index)
    {
        public static readonly Place Root = new(null, "", -1);

        public Place Of(string name) => new(this, name, -1);

        public Place Of(int index) => new(this, "", index);

        public string ToPointer() =>
            Parent is null ? "" : Index >= 0 ? SchemaPointer.Append(Parent.ToPointer(), Index) : SchemaPointer.Append(Parent.ToPointer(), Name);
    }
}
