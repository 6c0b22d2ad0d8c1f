using System.Net;
using System.Net.Sockets;

namespace ActorFlow.TestSupport.Hosting;

/// <summary>Finds ports of this machine, for programs that must know their port before they start.</summary>
internal static class LoopbackPort
{
    /// <summary>A port that is free now; another process may take it before it is used.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
