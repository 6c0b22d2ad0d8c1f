using ActorFlow.Node.Api;

namespace ActorFlow.Node.Json;

/// <summary>An operation of the JSON API: where it is served, what it takes and answers, and what does it. Routes and OpenAPI document follow from it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below <c>/api/v1</c>; <c>{id}</c> is the id of a run.</param>
/// <param name="Name">The name of the operation: that of gRPC.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Role">The role that it needs; <see cref="ApiRole.None"/> means that it is open.</param>
/// <param name="Handle">Does it.</param>
internal sealed record JsonRoute(string Method, string Path, string Name, string Summary, ApiRole Role, Func<JsonCall, Task> Handle)
{
    /// <summary>Its parameters.</summary>
    public IReadOnlyList<JsonParameter> Parameters { get; init; } = [];

    /// <summary>What its body is; null means that it takes none.</summary>
    public JsonBody? Body { get; init; }

    /// <summary>The status of success, and the type of its answer; null means that it has no body.</summary>
    public IReadOnlyList<(int Status, Type? Type)> Answers { get; init; } = [(204, null)];

    /// <summary>The media type of its answer.</summary>
    public string AnswerType { get; init; } = "application/json";

    /// <summary>Whether it takes a command id.</summary>
    public bool IsCommand { get; init; }

    /// <summary>Whether the transports record it in the audit; acts of administration record themselves, before and after.</summary>
    public bool IsRecorded => IsCommand && Role == ApiRole.Operator;
}

/// <summary>A parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means, with unit, range and default.</param>
/// <param name="Type">Its type: <c>string</c> or <c>integer</c>.</param>
/// <param name="IsRepeated">Whether it may be repeated.</param>
internal sealed record JsonParameter(string Name, string Description, string Type = "string", bool IsRepeated = false);

/// <summary>The body of a route.</summary>
/// <param name="MediaTypes">What it may be.</param>
/// <param name="Fields">Its fields; empty means that it is any value.</param>
internal sealed record JsonBody(string[] MediaTypes, params JsonField[] Fields)
{
    /// <summary>An object with these fields.</summary>
    public static JsonBody Of(params JsonField[] fields) => new(["application/json"], fields);
}

/// <summary>A field of a body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means, with unit, range and default.</param>
/// <param name="Type">Its type: <c>string</c>, <c>object</c> (of texts) or <c>any</c>.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal sealed record JsonField(string Name, string Description, string Type = "string", bool IsRequired = false);
