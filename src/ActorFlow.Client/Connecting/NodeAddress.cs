using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ActorFlow.Client.Connecting;

/// <summary>Addresses of nodes: which are allowed, where gRPC is behind one, and where a key may go.</summary>
internal static class NodeAddress
{
    private const string Example = "Write it as http://127.0.0.1:9110.";

    /// <summary>Reads the HTTP address of a node.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">Why it is none.</param>
    public static bool TryRead(string? text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = string.IsNullOrWhiteSpace(text) ? $"is empty. {Example}"
            : !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
                ? $"'{text}' does not begin with http:// or https://. {Example}"
            : uri.UserInfo.Length > 0 ? $"names a user. Give the key as ApiKey. {Example}"
            : uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.Fragment.Length > 0 ? $"'{text}' has more than scheme, host and port. {Example}"
            : null;
        if (problem is not null)
        {
            return false;
        }

        address = new(text!);
        return true;
    }

    /// <summary>Why the API key may not go to an address; null means that it may, or that there is none.</summary>
    public static string? WhyNoKey(WorkflowClientOptions options, Uri address) =>
        options.ApiKey is null || options.AllowInsecureKey || address.Scheme == Uri.UriSchemeHttps || address.IsLoopback ? null
        : $"'{address.GetLeftPart(UriPartial.Authority)}' is another machine, and the API key would go there in clear text. Use https://, or set AllowInsecureKey where nobody can listen.";

    /// <summary>Where gRPC is, by what a node says of itself.</summary>
    /// <param name="asked">The address that was asked.</param>
    /// <param name="said">What it said; null means nothing.</param>
    /// <exception cref="FormatException">It said something else than an address.</exception>
    public static Uri OfGrpc(Uri asked, string? said)
    {
        // Over TLS one port speaks every version of HTTP.
        if (said is null || asked.Scheme == Uri.UriSchemeHttps)
        {
            return asked;
        }

        if (!TryRead(said, out var grpc, out var problem))
        {
            throw new FormatException($"grpcAddress {problem}");
        }

        // A node that listens on every address of its machine, or behind one that leads to it, does not know the name it is called by.
        var isAny = IPAddress.TryParse(grpc.DnsSafeHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        return isAny || (grpc.IsLoopback && !asked.IsLoopback) ? new UriBuilder(grpc) { Host = asked.Host }.Uri : grpc;
    }
}
