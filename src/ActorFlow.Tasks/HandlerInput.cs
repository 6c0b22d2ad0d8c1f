using System.Globalization;
using System.Text.Json;

namespace ActorFlow.Tasks;

/// <summary>
/// The <c>with</c> of a built-in handler, read key by key. An error in it is a failure of type <c>InvalidInput</c> that
/// names the key and is not retried: the input of every attempt is the same.
/// </summary>
internal readonly ref struct HandlerInput
{
    private readonly string _handler;
    private readonly JsonElement _root;

    /// <summary>Reads an input that may hold no other keys than <paramref name="known"/>.</summary>
    public HandlerInput(string handler, JsonElement root, params ReadOnlySpan<string> known)
    {
        _handler = handler;
        _root = root;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid($"needs an object with the keys {string.Join(", ", known.ToArray())}");
        }

        foreach (var property in root.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Invalid($"does not know the key '{property.Name}'; it knows {string.Join(", ", known.ToArray())}");
            }
        }
    }

    /// <summary>Makes the failure that tells what is wrong.</summary>
    public TaskFailure Invalid(string what) => new("InvalidInput", $"{_handler} {what}.", retryable: false);

    /// <summary>The value of a key; null where the key is absent or <c>null</c>.</summary>
    public JsonElement? Find(string key) =>
        _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text; numbers and booleans count as their text, because YAML writes <c>5</c> for both.</summary>
    public string? Text(string key) => Find(key) is { } value ? Scalar(key, value) : null;

    /// <summary>A text that must be present and not empty.</summary>
    public string RequiredText(string key) =>
        Text(key) is { Length: > 0 } text ? text : throw Invalid($"needs the key '{key}'");

    /// <summary>A list of texts; one text counts as a list of one.</summary>
    public string[] Texts(string key)
    {
        if (Find(key) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return [Scalar(key, value)];
        }

        var texts = new string[value.GetArrayLength()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Scalar($"{key}[{i.ToString(CultureInfo.InvariantCulture)}]", value[i]);
        }

        return texts;
    }

    /// <summary>An object of texts, in the order written.</summary>
    public List<KeyValuePair<string, string>> TextsByName(string key)
    {
        var texts = new List<KeyValuePair<string, string>>();
        if (Find(key) is not { } value)
        {
            return texts;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Invalid($"needs an object under '{key}'");
        }

        foreach (var property in value.EnumerateObject())
        {
            texts.Add(new(property.Name, Scalar($"{key}.{property.Name}", property.Value)));
        }

        return texts;
    }

    /// <summary>A text as it is, any other value as compact JSON; null where the key is absent or <c>null</c>.</summary>
    public string? TextOrJson(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } json => Payload.FromElement(json).ToString(),
    };

    /// <summary>One of several words; the first is the default.</summary>
    public string Word(string key, params ReadOnlySpan<string> words)
    {
        var word = Text(key) ?? words[0];
        return words.Contains(word) ? word : throw Invalid($"needs one of {string.Join(", ", words.ToArray())} under '{key}', not '{word}'");
    }

    private string Scalar(string key, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw Invalid($"needs a text under '{key}'"),
    };
}
