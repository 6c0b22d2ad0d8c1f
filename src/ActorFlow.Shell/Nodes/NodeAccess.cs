using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorFlow.Node.Admin;
using ActorFlow.Runtime.Access;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Shell.Nodes;

/// <summary>The keys and the audit of a node.</summary>
/// <param name="client">Speaks to it.</param>
internal sealed class NodeAccess(WorkflowClient client) : IAccessAdministration
{
    private const int Page = 1_000;

    /// <inheritdoc/>
    public async Task<(KeySummary Key, string Text)> CreateKeyAsync(string name, string role, TimeSpan? expires, CancellationToken cancellationToken)
    {
        var made = await client.Keys.CreateAsync(name, role, expires, cancellationToken).ConfigureAwait(false);
        return (Of(made.Key), made.Text);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<KeySummary>> ListKeysAsync(CancellationToken cancellationToken) =>
        [.. (await client.Keys.ListAsync(cancellationToken).ConfigureAwait(false)).Select(Of)];

    /// <inheritdoc/>
    public Task RevokeKeyAsync(string key, bool evenTheLast, CancellationToken cancellationToken) => client.Keys.RevokeAsync(key, evenTheLast, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AuditEntry> AuditAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (left, next) = (query.Limit, "");
        do
        {
            var request = new V1.ListAuditRequest
            {
                Since = query.Since?.ToTimestamp(),
                Until = query.Until?.ToTimestamp(),
                By = query.By ?? "",
                Target = query.Target ?? "",
                Limit = Math.Min(left, Page),
                Cursor = next,
            };
            var page = await client.Audit.ListAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page.Items)
            {
                yield return new(entry.Time.ToDateTimeOffset(), "", entry.By, entry.Role, entry.Operation, entry.Target, entry.CommandId, entry.Outcome, entry.Count);
            }

            (left, next) = (left - page.Items.Count, page.Next);
        }
        while (left > 0 && next.Length > 0);
    }

    private static KeySummary Of(V1.Key key) =>
        new(key.Id, key.Name, key.Role, key.Created.ToDateTimeOffset(), key.CreatedBy, key.Expires?.ToDateTimeOffset(), key.Revoked?.ToDateTimeOffset());
}
