namespace ActorFlow.Perf.Nodes;

/// <summary>
/// The node that the specs of one class share from execution to execution: started with the first, stopped when another class (or
/// other options) needs one, when a spec failed on it, or at the end. So code and caches are as warm as in a node that runs for hours.
/// </summary>
internal static class NodeLease
{
    private static (Type SpecClass, NodeOptions Options)? _holder;
    private static EmbeddedNode? _node;

    /// <summary>The node of a spec class.</summary>
    /// <param name="specClass">The class.</param>
    /// <param name="options">The options that the class needs.</param>
    /// <param name="database">Where its runs are kept.</param>
    public static async Task<EmbeddedNode> AcquireAsync(Type specClass, NodeOptions options, IDatabase database)
    {
        if (_node is null || _holder != (specClass, options))
        {
            await EndAsync().ConfigureAwait(false);
            _node = await EmbeddedNode.StartAsync(database, options).ConfigureAwait(false);
            _holder = (specClass, options);
        }

        return _node;
    }

    /// <summary>Stops the node, if there is one.</summary>
    public static async Task EndAsync()
    {
        var node = Interlocked.Exchange(ref _node, null);
        if (node is not null)
        {
            await node.DisposeAsync().ConfigureAwait(false);
        }
    }
}
