using ActorFlow.Node.Api;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Security;

/// <summary>Who makes a request, as the door found out; both transports ask here.</summary>
internal sealed class CallerIdentity
{
    private readonly ApiCaller? _caller;
    private readonly WorkflowRefusedException? _refusal;

    /// <summary>A caller that is known.</summary>
    public CallerIdentity(ApiCaller caller) => _caller = caller;

    /// <summary>A caller that is refused, once it asks for more than what is open to all.</summary>
    public CallerIdentity(WorkflowRefusedException refusal) => _refusal = refusal;

    /// <inheritdoc cref="Of(HttpContext)"/>
    public static ApiCaller Of(ServerCallContext call) => Of(call.GetHttpContext());

    /// <summary>The caller of a request.</summary>
    /// <exception cref="WorkflowRefusedException">It is refused: <c>unauthenticated</c>, say.</exception>
    public static ApiCaller Of(HttpContext context)
    {
        var identity = context.Features.Get<CallerIdentity>();
        return identity?._caller ?? throw identity?._refusal ?? WorkflowRefusedException.Of("unauthenticated", "Nobody has looked who calls.");
    }
}
