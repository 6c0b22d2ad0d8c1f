using System.Collections.Frozen;
using System.Text.Json;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>The result of one step from a JSON value.</summary>
internal enum JsonMemberKind
{
    /// <summary>Not in the data: JavaScript evaluates it.</summary>
    Unknown,

    /// <summary>Missing: <c>undefined</c>.</summary>
    Missing,

    /// <summary>The JSON between start and end.</summary>
    Found,

    /// <summary>The length of an array: the number at end.</summary>
    Length,
}

/// <summary>The result of one step from a JSON value, as in JavaScript.</summary>
internal readonly record struct JsonMember(JsonMemberKind Kind, int Start = 0, int End = 0)
{
    /// <summary>Members that every object inherits, which are not in the data.</summary>
    private static readonly FrozenSet<string> Inherited = FrozenSet.Create(
        StringComparer.Ordinal,
        "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
        "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__");

    /// <summary>Takes the step from the value whose first token is the reader's current one.</summary>
    public static JsonMember Find(ref Utf8JsonReader reader, PathStep step) => reader.TokenType switch
    {
        JsonTokenType.StartObject => FindProperty(ref reader, step.Key),
        JsonTokenType.StartArray when step.Index >= 0 => FindElement(ref reader, step.Index),
        JsonTokenType.StartArray when step.Key == "length" => new(JsonMemberKind.Length, End: Count(ref reader)),
        _ => default,
    };

    /// <summary>Reads the whole object: of a repeated key the last counts.</summary>
    private static JsonMember FindProperty(ref Utf8JsonReader reader, string key)
    {
        var found = new JsonMember(Inherited.Contains(key) ? JsonMemberKind.Unknown : JsonMemberKind.Missing);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var matches = JsonText.Is(ref reader, key);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (matches)
            {
                found = new(JsonMemberKind.Found, start, (int)reader.BytesConsumed);
            }
        }

        return found;
    }

    private static JsonMember FindElement(ref Utf8JsonReader reader, int index)
    {
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index--)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (index == 0)
            {
                return new(JsonMemberKind.Found, start, (int)reader.BytesConsumed);
            }
        }

        return new(JsonMemberKind.Missing);
    }

    private static int Count(ref Utf8JsonReader reader)
    {
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            reader.Skip();
        }

        return count;
    }
}
