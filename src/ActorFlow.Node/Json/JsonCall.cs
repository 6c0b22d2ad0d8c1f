using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>One request to the JSON API: its arguments, and the ways to answer.</summary>
/// <param name="context">The request.</param>
internal sealed partial class JsonCall(HttpContext context)
{
    private const string Json = "application/json; charset=utf-8";
    private const int LongestShown = 60;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private string? _answered;

    /// <summary>The request.</summary>
    public HttpContext Context => context;

    /// <summary>Who calls.</summary>
    /// <exception cref="AccessDeniedException"><c>unauthenticated</c>.</exception>
    public ApiCaller Caller => CallerIdentity.Of(context);

    /// <summary>Ends the waiting.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The id of the command; null means that none is given.</summary>
    /// <exception cref="InvalidRequestException">It is given twice.</exception>
    public string? CommandId => context.Request.Headers["Idempotency-Key"] switch
    {
        [] => null,
        [var id] => id,
        _ => throw Wrong("The header Idempotency-Key is given twice."),
    };

    /// <summary>The id of the run: part of the path, or the parameter <c>id</c>.</summary>
    /// <exception cref="InvalidRequestException">It is missing.</exception>
    public string Id => context.Request.RouteValues.TryGetValue("id", out var value)
        ? Segment((string)value!)
        : Query("id") ?? throw Wrong("The parameter id is missing: it is the id of the run.");

    /// <summary>What the request is about, for the audit; null means that it is not known.</summary>
    public string? Target =>
        context.Request.RouteValues.TryGetValue("id", out var value) ? Segment((string)value!)
        : context.Request.Query["id"] is [var id] ? id
        : _answered;

    /// <summary>A part of the path. What a proxy must not take for a separator is still written as <c>%2F</c>.</summary>
    public string Part(string name) => Segment((string)context.Request.RouteValues[name]!);

    /// <summary>A parameter; null means that it is absent.</summary>
    /// <exception cref="InvalidRequestException">It is given twice.</exception>
    public string? Query(string name) => All(name) switch
    {
        [] => null,
        [var one] => one,
        _ => throw Wrong($"The parameter {name} is given twice."),
    };

    /// <summary>The values of a parameter that may be repeated.</summary>
    public string[] All(string name)
    {
        _taken.Add(name);
        return [.. context.Request.Query[name].Select(value => value ?? string.Empty)];
    }

    /// <summary>A parameter that is a whole number.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public int Number(string name, int otherwise) => Query(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong($"The parameter {name} must be a whole number, not '{Shown(text)}'.");

    /// <summary>A parameter that is true or false.</summary>
    /// <returns>Whether it is true; false if it is absent.</returns>
    /// <exception cref="InvalidRequestException">It is neither.</exception>
    public bool Flag(string name) => Query(name) switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Wrong($"The parameter {name} must be true or false, not '{Shown(text)}'."),
    };

    /// <summary>A parameter that is a duration; null means that it is absent.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public TimeSpan? Duration(string name) => Query(name) is { } text ? DurationOf(text, name) : null;

    /// <summary>A parameter that is a time; null means that it is absent.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public DateTimeOffset? Time(string name) => Query(name) is { } text ? TimeOf(text, name) : null;

    /// <summary>Refuses parameters that nobody has asked for.</summary>
    /// <exception cref="InvalidRequestException">There is one.</exception>
    public void EndQuery()
    {
        if (context.Request.Query.Keys.FirstOrDefault(name => !_taken.Contains(name)) is { } unknown)
        {
            throw Wrong(_taken.Count == 0
                ? $"The parameter '{Shown(unknown)}' is not known; this takes none."
                : $"The parameter '{Shown(unknown)}' is not known; known are {string.Join(", ", _taken.Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>Reads the body of a verb.</summary>
    public Task<JsonFields> FieldsAsync() => JsonFields.ReadAsync(context);

    /// <summary>Answers with a value.</summary>
    public async Task AnswerAsync<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        _answered = value switch
        {
            StartAnswer started => started.Id,
            RegisterAnswer registered => string.Join(", ", registered.Definitions.Select(one => $"{one.Name}@{one.Version}")),
            _ => null,
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, Aborted).ConfigureAwait(false);
    }

    /// <summary>Answers that a change was accepted, and nothing else.</summary>
    public void Accept() => context.Response.StatusCode = StatusCodes.Status204NoContent;

    /// <exception cref="InvalidRequestException">It is none.</exception>
    internal static TimeSpan DurationOf(string text, string name) => Core.Definitions.Duration.TryParse(text, out var duration)
        ? duration
        : throw Wrong($"{name} must be a duration such as 30s or 2d, not '{Shown(text)}'.");

    /// <exception cref="InvalidRequestException">It is none.</exception>
    internal static DateTimeOffset TimeOf(string text, string name) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw Wrong($"{name} must be a time with an offset such as 2026-01-31T12:00:00Z, not '{Shown(text)}'.");

    private static string Segment(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static string Shown(string text) => OneLine.Of(text.Length <= LongestShown ? text : text[..LongestShown]);

    private static WorkflowRefusedException Wrong(string reason) => WorkflowRefusedException.Of("invalid-request", reason);

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\z")]
    private static partial Regex Rfc3339();
}
