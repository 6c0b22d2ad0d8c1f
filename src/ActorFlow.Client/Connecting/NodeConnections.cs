namespace ActorFlow.Client.Connecting;

/// <summary>The addresses of a cluster, one of which is in use.</summary>
internal sealed class NodeConnections : IDisposable
{
    private readonly NodeConnection[] _nodes;
    private readonly CancellationTokenSource _closing = new();
    private int _current;

    /// <param name="options">Valid options.</param>
    public NodeConnections(WorkflowClientOptions options) =>
        _nodes = [.. options.Addresses.Select(address => new NodeConnection(new(address), options))];

    public int Count => _nodes.Length;

    /// <summary>The address in use.</summary>
    public NodeConnection Current => _nodes[Volatile.Read(ref _current)];

    /// <summary>Is cancelled when the client is disposed of.</summary>
    public CancellationToken Closing => _closing.Token;

    public bool IsClosed => _closing.IsCancellationRequested;

    /// <summary>Goes on to the next address, unless somebody else has done so.</summary>
    /// <param name="failed">The address that failed.</param>
    public void MoveOnFrom(NodeConnection failed)
    {
        var at = Array.IndexOf(_nodes, failed);
        Interlocked.CompareExchange(ref _current, (at + 1) % _nodes.Length, at);
    }

    public void Dispose()
    {
        _closing.Cancel();
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }
}
