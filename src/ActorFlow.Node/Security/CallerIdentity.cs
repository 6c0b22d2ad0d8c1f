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

    /// <summary>Who makes a request, as far as is known: a key that opens nothing is named by its id, and everybody by where they call from.</summary>
    public static (string Name, ApiRole Role) NameOf(HttpContext context)
    {
        if (context.Features.Get<CallerIdentity>()?._caller is { } caller)
        {
            return (caller.Name, caller.Role);
        }

        var credential = context.Request.Headers.Authorization.ToString();
        var name = ApiKeyText.TryRead(credential[(credential.LastIndexOf(' ') + 1)..], out var key) ? $"af_{key.Id}" : "anonymous";
        return ($"{name}@{context.Connection.RemoteIpAddress}", ApiRole.None);
    }

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
