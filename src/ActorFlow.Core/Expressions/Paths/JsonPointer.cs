using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>Follows a reader through a JSON value and gives its position as a JSON Pointer (RFC 6901).</summary>
internal sealed class JsonPointer
{
    // Innermost last: the current key of an object, the current index of an array.
    private readonly List<Level> _levels = [];

    /// <summary>Follows the token just read.</summary>
    public void Move(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _levels[^1] = new(JsonText.Read(ref reader), -1);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _levels.RemoveAt(_levels.Count - 1);
                return;
        }

        if (_levels is [.., { Key: null, Index: var index }])
        {
            _levels[^1] = new(null, index + 1);
        }

        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            _levels.Add(reader.TokenType == JsonTokenType.StartArray ? new(null, -1) : new("", -1));
        }
    }

    /// <summary>The pointer of the token just read.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (key, index) in _levels)
        {
            text.Append('/').Append(key is null
                ? index.ToString(CultureInfo.InvariantCulture)
                : key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return text.ToString();
    }

    private readonly record struct Level(string? Key, int Index);
}
