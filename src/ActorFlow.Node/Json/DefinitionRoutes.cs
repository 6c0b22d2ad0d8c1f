using System.Text;
using ActorFlow.Node.Api;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>The operations on definitions as JSON.</summary>
/// <param name="api">Does them.</param>
internal sealed class DefinitionRoutes(DefinitionApi api)
{
    private const string Definitions = "/definitions";

    private static readonly string[] MediaTypes = ["application/yaml", "application/json"];

    /// <summary>All of them.</summary>
    public IEnumerable<JsonRoute> All =>
    [
        new("POST", Definitions, "Definitions.Register", "Registers every definition of a file, all or none; the same content again changes nothing.", ApiRole.Operator, RegisterAsync)
        {
            IsCommand = true,
            Body = new(MediaTypes),
            Answers = [(201, typeof(RegisterAnswer)), (200, typeof(RegisterAnswer))],
        },
        new("GET", Definitions, "Definitions.List", "Lists every registered version of every name, by name, the newest version first.", ApiRole.Viewer, ListAsync)
        {
            Answers = [(200, typeof(ItemList<RegisteredDefinition>))],
        },
        new("POST", Definitions + "/validate", "Definitions.Validate", "Checks a file as a registration does, and registers nothing.", ApiRole.Viewer, ValidateAsync)
        {
            Body = new(MediaTypes),
            Answers = [(200, typeof(ValidateAnswer))],
        },
        new("GET", Definitions + "/{name}", "Definitions.Versions", "Lists the versions of a name, the newest first.", ApiRole.Viewer, VersionsAsync)
        {
            Answers = [(200, typeof(ItemList<RegisteredDefinition>))],
        },
        new("GET", Definitions + "/{name}/{version}", "Definitions.Get", "Reads a definition in its canonical form.", ApiRole.Viewer, GetAsync)
        {
            Answers = [(200, typeof(Payload))],
        },
        new("GET", Definitions + "/{name}/{version}/graph", "Definitions.Graph", "Draws the graph of a definition.", ApiRole.Viewer, GraphAsync)
        {
            Parameters = [new("format", "mermaid, dot or svg. The default is mermaid.")],
            Answers = [(200, typeof(string))],
            AnswerType = "text/plain",
        },
    ];

    private static async Task<string> FileAsync(JsonCall call)
    {
        if (await RequestBody.ReadAsync(call.Context, MediaTypes).ConfigureAwait(false) is not { } body)
        {
            throw WorkflowRefusedException.Of("invalid-request", "The body is missing: it is the file with the definitions.");
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body.Span);
        }
        catch (DecoderFallbackException wrong)
        {
            throw WorkflowRefusedException.Of("invalid-request", "The body is not UTF-8 text.", wrong);
        }
    }

    private static string Named(JsonCall call) => $"{call.Part("name")}@{call.Part("version")}";

    private async Task RegisterAsync(JsonCall call)
    {
        call.EndQuery();
        var file = await FileAsync(call).ConfigureAwait(false);
        var registered = await api.RegisterAsync(call.Caller, file, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(
            new([.. registered.Select(one => new RegisteredAnswer(one.Definition.Name, one.Definition.Version, one.Definition.Hash, one.Created))]),
            ApiJson.Default.RegisterAnswer,
            registered.Any(one => one.Created) ? StatusCodes.Status201Created : StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private async Task ListAsync(JsonCall call)
    {
        call.EndQuery();
        await call.AnswerAsync(
            new(await api.ListAsync(call.Caller, call.Aborted).ConfigureAwait(false)), ApiJson.Default.ItemListRegisteredDefinition).ConfigureAwait(false);
    }

    private async Task VersionsAsync(JsonCall call)
    {
        call.EndQuery();
        await call.AnswerAsync(
            new(await api.VersionsAsync(call.Caller, call.Part("name"), call.Aborted).ConfigureAwait(false)),
            ApiJson.Default.ItemListRegisteredDefinition).ConfigureAwait(false);
    }

    private async Task GetAsync(JsonCall call)
    {
        call.EndQuery();
        var found = await api.GetAsync(call.Caller, Named(call), call.Aborted).ConfigureAwait(false);
        var asYaml = call.Context.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase);
        var text = asYaml ? DefinitionYaml.Write(found.Content) : found.Content.ToString();
        await WriteAsync(call, text, asYaml ? "application/yaml; charset=utf-8" : "application/json; charset=utf-8").ConfigureAwait(false);
    }

    private async Task GraphAsync(JsonCall call)
    {
        var format = call.Query("format") ?? string.Empty;
        call.EndQuery();
        var (content, mediaType) = await api.GraphAsync(call.Caller, Named(call), format, call.Aborted).ConfigureAwait(false);
        await WriteAsync(call, content, mediaType + "; charset=utf-8").ConfigureAwait(false);
    }

    private async Task ValidateAsync(JsonCall call)
    {
        call.EndQuery();
        var problems = await api.ValidateAsync(call.Caller, await FileAsync(call).ConfigureAwait(false), call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(
            new(problems.All(problem => problem.IsWarning), [.. problems.Select(ProblemItem.Of)]), ApiJson.Default.ValidateAnswer).ConfigureAwait(false);
    }

    private static async Task WriteAsync(JsonCall call, string text, string contentType)
    {
        var body = Encoding.UTF8.GetBytes(text);
        call.Context.Response.ContentType = contentType;
        call.Context.Response.ContentLength = body.Length;
        // An image of the graph may be shown as a page: nothing in it runs.
        call.Context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        await call.Context.Response.Body.WriteAsync(body, call.Aborted).ConfigureAwait(false);
    }
}
