using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ActorFlow.Client.Connecting;

/// <summary>The question where the gRPC of a node is: <c>GET /api/v1/info</c>.</summary>
internal static class NodeInfo
{
    private const int LargestAnswer = 64 << 10;

    /// <summary>Asks over HTTP/1.1.</summary>
    /// <param name="address">The HTTP address of the node.</param>
    /// <param name="options">How to connect.</param>
    /// <returns>The address for gRPC.</returns>
    /// <exception cref="WorkflowRefusedException">The node does not know the caller, or is no node.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It does not answer.</exception>
    public static async Task<Uri> AskAsync(Uri address, WorkflowClientOptions options)
    {
        var handler = NodeChannel.NewHandler(address, options);
        options.ConfigureHandler?.Invoke(handler);
        using var http = new HttpClient(handler) { Timeout = options.ConnectTimeout, MaxResponseContentBufferSize = LargestAnswer };
        using var request = NewRequest(address, options);
        using var response = await http.SendAsync(request).ConfigureAwait(false);
        var name = address.GetLeftPart(UriPartial.Authority);
        if (!response.IsSuccessStatusCode)
        {
            throw RefusalOf(response.StatusCode, name);
        }

        try
        {
            using var info = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
            var said = info.RootElement.TryGetProperty("grpcAddress", out var property) && property.ValueKind is not JsonValueKind.Null ? property.GetString() : null;
            return NodeAddress.OfGrpc(address, said);
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException or FormatException)
        {
            throw WorkflowRefusedException.Of("unavailable", $"{name} is no ActorFlow node: its /api/v1/info does not tell where gRPC is. {foreign.Message}", foreign);
        }
    }

    public static HttpRequestMessage NewRequest(Uri address, WorkflowClientOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/api/v1/info"));
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.Authorization = options.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        return request;
    }

    private static WorkflowRefusedException RefusalOf(HttpStatusCode status, string name) => status switch
    {
        HttpStatusCode.Unauthorized => WorkflowRefusedException.Of("unauthenticated", $"{name} asks for an API key that it knows."),
        HttpStatusCode.Forbidden => WorkflowRefusedException.Of("forbidden", $"{name} does not allow this API key."),
        HttpStatusCode.NotFound => WorkflowRefusedException.Of("unavailable", $"{name} is no ActorFlow node: it has no /api/v1/info."),
        _ => WorkflowRefusedException.Of("unavailable", $"{name} answered /api/v1/info with {(int)status}."),
    };
}
