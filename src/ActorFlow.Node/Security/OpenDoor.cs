using ActorFlow.Node.Api;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Security;

/// <summary>
/// Who may come in where nobody has to sign in: programs on this machine. A page of another site, which a browser on this machine shows, may not
/// (failure rule 89), nor may what came through a proxy, behind which anybody may be (failure rule 90).
/// </summary>
internal static class OpenDoor
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    /// <summary>Lets a request in, or says why not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="access">How long whoever is let in may stay.</param>
    public static CallerIdentity Look(HttpContext context, CallerAccess access)
    {
        var request = context.Request;
        if (ProxyHeaders.FirstOrDefault(request.Headers.ContainsKey) is { } header)
        {
            return Refused("unauthenticated", $"The request came through a proxy (header {header}), behind which anybody may be: make a key (actorflow key create) and send it as Authorization: Bearer KEY, or call the node directly.");
        }

        if (request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]" or "::1"))
        {
            return Refused("forbidden", "This node answers only to the host names localhost, 127.0.0.1 and [::1].");
        }

        return IsForeign(request)
            ? Refused("forbidden", "This node does not answer pages of other sites.")
            : new(new ApiCaller($"anonymous@{context.Connection.RemoteIpAddress}", ApiRole.Admin) { Access = access });
    }

    private static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static CallerIdentity Refused(string code, string reason) => new(WorkflowRefusedException.Of(code, reason));
}
