using System.Collections.Frozen;
using ActorFlow.Node.Api;
using ActorFlow.Node.Json;
using ActorFlow.Node.Security;
using Grpc.Core;

namespace ActorFlow.Node.Grpc;

/// <summary>The operations behind methods: their roles are those of the same operations as JSON, and so is what is recorded.</summary>
/// <param name="services">The node.</param>
internal sealed class MethodRoutes(IServiceProvider services)
{
    private const string Package = "/actorflow.v1.";

    private readonly FrozenDictionary<string, JsonRoute> _routes = JsonRoutes.Of(services).ToFrozenDictionary(
        route => Package + route.Name.Replace('.', '/'), StringComparer.Ordinal);

    /// <summary>Refuses a caller without the role of the method that it calls, before anything is read. Health and reflection are open.</summary>
    /// <returns>The same operation of JSON; null means that it is open, or that only gRPC has it.</returns>
    /// <exception cref="WorkflowRefusedException"><c>unauthenticated</c>, say.</exception>
    public JsonRoute? Require(ServerCallContext context)
    {
        if (!context.Method.StartsWith(Package, StringComparison.Ordinal))
        {
            return null;
        }

        var caller = CallerIdentity.Of(context);
        var route = _routes.GetValueOrDefault(context.Method);
        // What only gRPC has asks for its role itself.
        caller.Require(route?.Role ?? ApiRole.None);
        return route;
    }
}
