using System.Net;
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
    private readonly HttpClient _http;
    private readonly WorkflowClientOptions _options;

    public NodeChannel(Uri address, WorkflowClientOptions options)
    {
        (Address, _options) = (address, options);
        Headers = options.ApiKey is { } key ? new Metadata { { "authorization", $"Bearer {key}" } } : null;
        var handler = NewHandler(address, options);
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingDelay = PingDelay;
        handler.KeepAlivePingTimeout = PingTimeout;
        handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
        options.ConfigureHandler?.Invoke(handler);
        // With the handler alone the channel would balance load among connections of its own.
        _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _channel = GrpcChannel.ForAddress(address, new()
        {
            HttpClient = _http,
            DisposeHttpClient = true,
            // A description of a large run is as large as it is.
            MaxReceiveMessageSize = null,
        });
        Workflows = new(_channel);
        Definitions = new(_channel);
        Keys = new(_channel);
        Audit = new(_channel);
    }

    public Uri Address { get; }

    public V1.Workflows.WorkflowsClient Workflows { get; }

    public V1.Definitions.DefinitionsClient Definitions { get; }

    public V1.Keys.KeysClient Keys { get; }

    public V1.Audit.AuditClient Audit { get; }

    /// <summary>What every call carries.</summary>
    public Metadata? Headers { get; }

    /// <summary>
    /// Asks for anything, over HTTP/2. How many streams a connection takes is not known before its first answer, and of many calls that begin at once
    /// some would make another connection.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HttpRequestException">There is no connection.</exception>
    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        using var request = NodeInfo.NewRequest(Address, _options);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

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
