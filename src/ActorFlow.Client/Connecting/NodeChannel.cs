using Grpc.Core;
using Grpc.Net.Client;

namespace ActorFlow.Client.Connecting;

/// <summary>The gRPC channel to one address: one HTTP/2 connection, and more only where its streams are used up.</summary>
internal sealed class NodeChannel : IDisposable
{
    // A peer that is gone without a word is found out within 15 s, half of the usual timeout of a call.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;

    public NodeChannel(Uri address, WorkflowClientOptions options)
    {
        Address = address;
        Headers = options.ApiKey is { } key ? new Metadata { { "authorization", $"Bearer {key}" } } : null;
        var handler = NewHandler(address, options);
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingDelay = PingDelay;
        handler.KeepAlivePingTimeout = PingTimeout;
        handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
        options.ConfigureHandler?.Invoke(handler);
        _channel = GrpcChannel.ForAddress(address, new()
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            // A description of a large run is as large as it is.
            MaxReceiveMessageSize = null,
        });
        Workflows = new(_channel);
        Definitions = new(_channel);
    }

    public Uri Address { get; }

    public V1.Workflows.WorkflowsClient Workflows { get; }

    public V1.Definitions.DefinitionsClient Definitions { get; }

    /// <summary>What every call carries.</summary>
    public Metadata? Headers { get; }

    public static SocketsHttpHandler NewHandler(Uri address, WorkflowClientOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        // A redirection would take the key elsewhere.
        AllowAutoRedirect = false,
        UseCookies = false,
        // HTTP/2 in clear text does not pass a proxy.
        UseProxy = address.Scheme == Uri.UriSchemeHttps,
    };

    public void Dispose() => _channel.Dispose();
}
