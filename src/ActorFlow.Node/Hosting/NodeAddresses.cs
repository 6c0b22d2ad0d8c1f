namespace ActorFlow.Node.Hosting;

/// <summary>Where a node is served, once it is.</summary>
internal sealed class NodeAddresses
{
    /// <summary>The address of JSON API, pages, health and metrics; null before the node has started.</summary>
    public string? Http { get; set; }

    /// <summary>The address of gRPC; null before the node has started, or where <see cref="Http"/> serves it.</summary>
    public string? Grpc { get; set; }
}
