using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorFlow.Node.Admin;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Shell.Nodes;

/// <summary>The keys and the audit of a store that is opened without a node: whoever may write to it is its admin, so the first key is made here.</summary>
/// <param name="store">The store.</param>
/// <param name="by">Who opened it.</param>
internal sealed class StoreAccess(PersistenceStore store, string by) : IAccessAdministration
{
    private const int Page = 1_000;

    private readonly ApiKeys _keys = new(store.Keys, TimeProvider.System);

    /// <inheritdoc/>
    public async Task<(KeySummary Key, string Text)> CreateKeyAsync(string name, string role, TimeSpan? expires, CancellationToken cancellationToken)
    {
        var (key, text) = await _keys.CreateAsync(name, ApiRoles.FromWord(role) ?? ApiRole.None, expires, by, cancellationToken: cancellationToken).ConfigureAwait(false);
        return (Of(key), text);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<KeySummary>> ListKeysAsync(CancellationToken cancellationToken) => [.. (await _keys.ListAsync(cancellationToken).ConfigureAwait(false)).Select(Of)];

    /// <inheritdoc/>
    public Task RevokeKeyAsync(string key, bool evenTheLast, CancellationToken cancellationToken) => _keys.RevokeAsync(key, by, evenTheLast, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AuditEntry> AuditAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = query.Limit;
        while (left > 0)
        {
            var page = await store.Audit.ListAsync(query with { Limit = Math.Min(left, Page) }, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Length < Math.Min(left, Page))
            {
                yield break;
            }

            left -= page.Length;
            query = query with { After = (page[^1].Time, page[^1].Id) };
        }
    }

    private static KeySummary Of(StoredApiKey key) => new(key.Id, key.Name, key.Role, key.Created, key.CreatedBy, key.Expires, key.Revoked);
}
