using System.Net;
using System.Net.Sockets;

namespace ActorFlow.TestSupport.Hosting;

/// <summary>Ports of this machine, for what has to know its port before it starts.</summary>
public static class LoopbackPort
{
    /// <summary>A port that nobody uses now; somebody may until it is taken.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
