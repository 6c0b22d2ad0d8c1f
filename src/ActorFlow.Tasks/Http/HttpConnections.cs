using System.Net;
using System.Net.Sockets;

namespace ActorFlow.Tasks.Http;

/// <summary>
/// Makes the connections of <c>http</c>, which all tasks of a worker share: without cookies or credentials, and with redirects left to
/// <see cref="HttpExchange"/>.
/// </summary>
internal static class HttpConnections
{
    /// <summary>How long a request may take to connect.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> ConnectTimeout = new("ActorFlow.ConnectTimeout");

    public static SocketsHttpHandler Create() => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = ConnectAsync,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var limit = context.InitialRequestMessage.Options.TryGetValue(ConnectTimeout, out var given) ? given : HttpTaskRequest.DefaultConnectTimeout;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(limit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, timer.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"no connection within {Core.Definitions.Duration.ToText(limit)}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
