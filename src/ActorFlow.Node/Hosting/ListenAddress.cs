using System.Globalization;
using System.Net;

namespace ActorFlow.Node.Hosting;

/// <summary>Where a node listens: an address and a port, as <c>127.0.0.1:9110</c>, <c>[::1]:9110</c>, <c>localhost:9110</c> or <c>*:9110</c>.</summary>
/// <param name="Address">The address; null means all of the machine.</param>
/// <param name="Port">The port; 0 means any free one.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Address is not null && IPAddress.IsLoopback(Address);

    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">Where to listen.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out ListenAddress address)
    {
        address = new(IPAddress.Loopback, 0);
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (host is "*" or "+")
        {
            address = new(null, port);
            return true;
        }

        if (host == "localhost")
        {
            address = new(IPAddress.Loopback, port);
            return true;
        }

        if (host.Contains(':', StringComparison.Ordinal) && !(host.StartsWith('[') && host.EndsWith(']')))
        {
            return false;
        }

        if (!IPAddress.TryParse(host.Trim('[', ']'), out var ip))
        {
            return false;
        }

        address = new(ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? null : ip, port);
        return true;
    }
}
