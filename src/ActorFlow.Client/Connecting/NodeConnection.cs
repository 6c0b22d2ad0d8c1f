using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ActorFlow.Client.Connecting;

/// <summary>One address of a node. It asks once where gRPC is, and again after its connection broke.</summary>
/// <param name="address">The HTTP address.</param>
/// <param name="options">How to connect.</param>
internal sealed class NodeConnection(Uri address, WorkflowClientOptions options) : IDisposable
{
    private const int LargestInfo = 64 << 10;

    private readonly Lock _gate = new();
    private Task<NodeChannel>? _connecting;
    private NodeChannel? _channel;
    private bool _isDisposed;

    /// <summary>The address, for people.</summary>
    public string Name { get; } = address.GetLeftPart(UriPartial.Authority);

    /// <summary>Gives the channel; all who wait share one question.</summary>
    /// <exception cref="WorkflowRefusedException">The node does not answer, does not know the caller, or is no node.</exception>
    public Task<NodeChannel> ConnectAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(WorkflowClient));
            if (_connecting is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _connecting = Task.Run(OpenAsync);
            }

            return _connecting;
        }
    }

    /// <summary>The connection broke: where gRPC is may have changed.</summary>
    /// <param name="channel">The channel that was in use then.</param>
    public void Broke(NodeChannel channel)
    {
        lock (_gate)
        {
            if (_connecting is { IsCompletedSuccessfully: true } known && known.Result == channel)
            {
                _connecting = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _channel?.Dispose();
        }
    }

    private async Task<NodeChannel> OpenAsync()
    {
        var grpc = await AskAsync().ConfigureAwait(false);
        if (NodeAddress.WhyNoKey(options, grpc) is { } why)
        {
            throw WorkflowRefusedException.Of("forbidden", $"The node at {Name} offers gRPC at another address: {why}");
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(WorkflowClient));
            if (_channel is { } kept && kept.Address == grpc)
            {
                return kept;
            }

            // Calls that are still on it end as those of a broken connection.
            _channel?.Dispose();
            return _channel = new(grpc, options);
        }
    }

    private async Task<Uri> AskAsync()
    {
        try
        {
            var handler = NodeChannel.NewHandler(address, options);
            options.ConfigureHandler?.Invoke(handler);
            using var http = new HttpClient(handler) { Timeout = options.ConnectTimeout, MaxResponseContentBufferSize = LargestInfo };
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/api/v1/info"));
            request.Headers.Accept.Add(new("application/json"));
            request.Headers.Authorization = options.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
            using var response = await http.SendAsync(request).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw RefusalOf(response.StatusCode);
            }

            using var info = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
            var said = info.RootElement.TryGetProperty("grpcAddress", out var property) && property.ValueKind is not JsonValueKind.Null ? property.GetString() : null;
            return NodeAddress.OfGrpc(address, said);
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            throw WorkflowRefusedException.Of("unavailable", $"{Name} cannot be reached: {ReasonOf(failed)}", failed);
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException or FormatException)
        {
            throw WorkflowRefusedException.Of("unavailable", $"{Name} is no ActorFlow node: its /api/v1/info says nothing about gRPC. {foreign.Message}", foreign);
        }
    }

    private WorkflowRefusedException RefusalOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => WorkflowRefusedException.Of("unauthenticated", $"{Name} asks for an API key that it knows."),
        HttpStatusCode.Forbidden => WorkflowRefusedException.Of("forbidden", $"{Name} does not allow this API key."),
        HttpStatusCode.NotFound => WorkflowRefusedException.Of("unavailable", $"{Name} is no ActorFlow node: it has no /api/v1/info."),
        _ => WorkflowRefusedException.Of("unavailable", $"{Name} answered /api/v1/info with {(int)status}."),
    };

    private string ReasonOf(Exception failed) =>
        failed is OperationCanceledException ? $"no answer within {options.ConnectTimeout.TotalSeconds:0.###} s." : $"{failed.GetBaseException().Message}.";
}
