using ActorFlow.Client.Calling;

namespace ActorFlow.Client;

/// <summary>Reads who did what in a cluster, for the command: applications have no use for it.</summary>
/// <param name="calls">Speaks to the cluster.</param>
internal sealed class AuditClient(NodeCalls calls)
{
    /// <summary>Reads a page, the newest entries first.</summary>
    /// <param name="request">Which entries.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<V1.ListAuditResponse> ListAsync(V1.ListAuditRequest request, CancellationToken cancellationToken = default) =>
        calls.CallAsync((node, options) => node.Audit.ListAsync(request, options), cancellationToken);
}
