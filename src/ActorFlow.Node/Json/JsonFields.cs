using System.Text.Json;
using ActorFlow.Core.Payloads;
using ActorFlow.Node.Api;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>The fields of a request's body, each taken by its name; what nobody takes is refused, and so is a field of another type.</summary>
internal sealed class JsonFields : IDisposable
{
    private const int LongestShown = 60;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = JsonDepth.Limit + 2 };

    private readonly JsonDocument? _document;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private JsonFields(JsonDocument? document) => _document = document;

    /// <summary>Reads the body; none means no fields.</summary>
    /// <exception cref="InvalidRequestException">It is no JSON object, or too large.</exception>
    /// <exception cref="UnsupportedMediaTypeException">It is of another media type.</exception>
    public static async Task<JsonFields> ReadAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, "application/json").ConfigureAwait(false) is not { } body)
        {
            return new(null);
        }

        if (UnicodeText.IndexOfInvalid(body.Span) >= 0)
        {
            throw Wrong("The body is not UTF-8 text.");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (JsonException wrong)
        {
            throw Wrong($"The body is no JSON: {OneLine.Of(wrong.Message)}", wrong);
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw Wrong("The body must be a JSON object.");
        }

        return new(document);
    }

    /// <summary>A text; null means that it is absent or null.</summary>
    /// <exception cref="InvalidRequestException">It is of another type.</exception>
    public string? Text(string name)
    {
        if (Take(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? StringOf(value, name) : throw Wrong($"{name} must be text.");
    }

    /// <summary>A text that must be there.</summary>
    /// <exception cref="InvalidRequestException">It is absent, or of another type.</exception>
    public string RequiredText(string name) => Text(name) ?? throw Wrong($"{name} is missing: it is a text.");

    /// <summary>Any JSON value; null means that it is absent.</summary>
    /// <exception cref="InvalidRequestException">It nests too deep, or is no valid text.</exception>
    public Payload? Value(string name) => Take(name) is { } value ? ApiPayload.Of(value, name) : null;

    /// <summary>Texts by name; empty means that they are absent or null.</summary>
    /// <exception cref="InvalidRequestException">They are of another type.</exception>
    public SortedDictionary<string, string> Texts(string name)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Take(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return texts;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"{name} must be an object of texts.");
        }

        foreach (var property in value.EnumerateObject())
        {
            texts[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? StringOf(property.Value, name)
                : throw Wrong($"{name}.{Shown(property.Name)} must be text.");
        }

        return texts;
    }

    /// <summary>A duration as the language writes it; null means that it is absent or null.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public TimeSpan? Duration(string name) => Text(name) is { } text ? JsonCall.DurationOf(text, name) : null;

    /// <summary>A time; null means that it is absent or null.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public DateTimeOffset? Time(string name) => Text(name) is { } text ? JsonCall.TimeOf(text, name) : null;

    /// <summary>Refuses fields that nobody has taken.</summary>
    /// <exception cref="InvalidRequestException">There is one.</exception>
    public void End()
    {
        if (_document?.RootElement.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !_taken.Contains(name)) is { } unknown)
        {
            throw Wrong($"The field '{Shown(unknown)}' is not known; known are {string.Join(", ", _taken.Order(StringComparer.Ordinal))}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _document?.Dispose();

    private static InvalidRequestException Wrong(string reason, Exception? cause = null) =>
        (InvalidRequestException)WorkflowRefusedException.Of("invalid-request", reason, cause);

    private static string StringOf(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException half)
        {
            throw Wrong($"{name} holds half of a surrogate pair.", half);
        }
    }

    private static string Shown(string name) => OneLine.Of(name.Length <= LongestShown ? name : name[..LongestShown]);

    private JsonElement? Take(string name)
    {
        _taken.Add(name);
        return _document is not null && _document.RootElement.TryGetProperty(name, out var value) ? value : null;
    }
}
