using System.Reflection;
using ActorFlow.Node.Api;
using ActorFlow.Node.Hosting;
using ActorFlow.Node.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Node.Json;

/// <summary>Maps the operations of the JSON API.</summary>
internal static class JsonRoutes
{
    /// <summary>What their paths begin with.</summary>
    public const string Prefix = "/api/v1";

    /// <summary>Where proxies that decode <c>%2F</c> find a run, whose id is then the parameter <c>id</c>.</summary>
    private const string ByParameter = "/workflows/-";

    private const string ById = "/workflows/{id}";

    /// <summary>The version of this build.</summary>
    public static string Build { get; } =
        typeof(JsonRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The operations, in the order of the document.</summary>
    public static IReadOnlyList<JsonRoute> Of(IServiceProvider services) =>
    [
        .. services.GetRequiredService<DefinitionRoutes>().All,
        .. services.GetRequiredService<WorkflowRoutes>().All,
        .. services.GetRequiredService<KeyRoutes>().All,
        .. services.GetRequiredService<AuditRoutes>().All,
        new("GET", "/info", "Info", "Tells the build of the node, and where it serves gRPC.", ApiRole.None, call => call.AnswerAsync(
            new(Build, services.GetRequiredService<NodeAddresses>().Grpc), ApiJson.Default.InfoAnswer))
        {
            Answers = [(200, typeof(InfoAnswer))],
        },
    ];

    /// <summary>Maps them, the document of them, and an answer for what is none of them.</summary>
    public static void Map(WebApplication app)
    {
        var problems = app.Services.GetRequiredService<Problems>();
        var routes = Of(app.Services);
        foreach (var route in routes)
        {
            Map(app, route, Prefix + route.Path, problems);
            if (route.Path.StartsWith(ById, StringComparison.Ordinal))
            {
                Map(app, route, Prefix + ByParameter + route.Path[ById.Length..], problems);
            }
        }

        foreach (var path in routes.GroupBy(route => route.Path))
        {
            MapOtherMethods(app, Prefix + path.Key, path.Select(route => route.Method));
        }

        var document = new Lazy<byte[]>(() => OpenApiDocument.Write(routes));
        app.MapGet("/openapi/v1.json", (RequestDelegate)(async context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.Body.WriteAsync(document.Value, context.RequestAborted).ConfigureAwait(false);
        }));
        var page = new Lazy<string>(() => DocsPage.Of(routes));
        app.MapGet("/docs", (RequestDelegate)(context => DocsPage.WriteAsync(context, page.Value)));
        app.MapFallback(static context => Problems.WriteAsync(
            context, WorkflowRefusedException.Of("invalid-request", "There is nothing at this address; /docs lists what there is."), StatusCodes.Status404NotFound));
    }

    private static void Map(WebApplication app, JsonRoute route, string path, Problems problems) => app.MapMethods(
        path, [route.Method], (RequestDelegate)(context => problems.DoAsync(context, () =>
        {
            if (route.Role != ApiRole.None)
            {
                // Before anything is read: what is wrong with a request is told to those who may make it.
                CallerIdentity.Of(context).Require(route.Role);
            }

            var call = new JsonCall(context);
            return route.IsRecorded ? RecordAsync(context, route, call) : route.Handle(call);
        })));

    private static Task RecordAsync(HttpContext context, JsonRoute route, JsonCall call) => context.RequestServices.GetRequiredService<AuditTrail>().RecordAsync(
        call.Caller, route.Name, _ => call.Target, context.Request.Headers["Idempotency-Key"], async () =>
        {
            await route.Handle(call).ConfigureAwait(false);
            return true;
        });

    private static void MapOtherMethods(WebApplication app, string path, IEnumerable<string> methods)
    {
        var allowed = string.Join(", ", methods);
        app.Map(path, (RequestDelegate)(context =>
        {
            context.Response.Headers.Allow = allowed;
            return Problems.WriteAsync(
                context, WorkflowRefusedException.Of("invalid-request", $"This takes {allowed} only."), StatusCodes.Status405MethodNotAllowed);
        }));
    }
}
