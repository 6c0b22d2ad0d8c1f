using System.Collections.Frozen;
using ActorFlow.Node.Api;
using ActorFlow.Node.Json;
using ActorFlow.Node.Security;
using Grpc.Core;

namespace ActorFlow.Node.Grpc;

/// <summary>The roles that methods need: those of the same operations as JSON.</summary>
/// <param name="services">The node.</param>
internal sealed class MethodRoles(IServiceProvider services)
{
    private const string Package = "/actorflow.v1.";

    private readonly FrozenDictionary<string, ApiRole> _roles = JsonRoutes.Of(services).ToFrozenDictionary(
        route => Package + route.Name.Replace('.', '/'), route => route.Role, StringComparer.Ordinal);

    /// <summary>Refuses a caller without the role of the method that it calls, before anything is read. Health and reflection are open.</summary>
    /// <exception cref="WorkflowRefusedException"><c>unauthenticated</c>, say.</exception>
    public void Require(ServerCallContext context)
    {
        if (context.Method.StartsWith(Package, StringComparison.Ordinal))
        {
            // What only gRPC has asks for its role itself.
            CallerIdentity.Of(context).Require(_roles.GetValueOrDefault(context.Method));
        }
    }
}
