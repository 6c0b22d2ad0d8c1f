using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Grpc.Core;

namespace ActorFlow.Node.Grpc;

/// <summary>Who makes a gRPC call.</summary>
internal sealed class GrpcCallers
{
    /// <summary>The caller.</summary>
    /// <exception cref="AccessDeniedException"><c>unauthenticated</c>.</exception>
#pragma warning disable CA1822 // A service, so that tests can take its place.
    public ApiCaller Of(ServerCallContext context) => CallerIdentity.Of(context.GetHttpContext());
#pragma warning restore CA1822
}
