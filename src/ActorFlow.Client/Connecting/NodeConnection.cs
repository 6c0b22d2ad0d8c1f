namespace ActorFlow.Client.Connecting;

/// <summary>One address of a node. It asks once where gRPC is, and again after its connection broke.</summary>
/// <param name="address">The HTTP address.</param>
/// <param name="options">How to connect.</param>
internal sealed class NodeConnection(Uri address, WorkflowClientOptions options) : IDisposable
{
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
        NodeChannel? last;
        lock (_gate)
        {
            (_isDisposed, last) = (true, _channel);
        }

        last?.Dispose();
    }

    private async Task<NodeChannel> OpenAsync()
    {
        try
        {
            var grpc = await NodeInfo.AskAsync(address, options).ConfigureAwait(false);
            if (NodeAddress.WhyNoKey(options, grpc) is { } why)
            {
                throw WorkflowRefusedException.Of("forbidden", $"The node at {Name} offers gRPC at another address: {why}");
            }

            var channel = ChannelTo(grpc);
            using var patience = new CancellationTokenSource(options.ConnectTimeout);
            await channel.WarmAsync(patience.Token).ConfigureAwait(false);
            return channel;
        }
        catch (OperationCanceledException silent)
        {
            throw WorkflowRefusedException.Of("unavailable", $"{Name} cannot be reached: no answer within {options.ConnectTimeout.TotalSeconds:0.###} s.", silent);
        }
        catch (HttpRequestException failed)
        {
            throw WorkflowRefusedException.Of("unavailable", $"{Name} cannot be reached: {failed.GetBaseException().Message.TrimEnd('.')}.", failed);
        }
    }

    private NodeChannel ChannelTo(Uri grpc)
    {
        NodeChannel? former;
        NodeChannel channel;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(WorkflowClient));
            if (_channel is { } kept && kept.Address == grpc)
            {
                return kept;
            }

            (former, channel) = (_channel, new(grpc, options));
            _channel = channel;
        }

        // Calls that are still on it end as those of a broken connection.
        former?.Dispose();
        return channel;
    }
}
