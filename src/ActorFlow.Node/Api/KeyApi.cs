using System.Collections.Immutable;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Client;

namespace ActorFlow.Node.Api;

/// <summary>The operations on API keys: what gRPC and JSON have in common.</summary>
/// <param name="keys">Does them.</param>
/// <param name="ring">The keys as this node knows them.</param>
/// <param name="trail">Records it.</param>
/// <param name="gate">Lets calls in.</param>
internal sealed class KeyApi(ApiKeys keys, KeyRing ring, AuditTrail trail, ApiGate gate)
{
    /// <summary>Makes a key: it, and its text, which is not shown again.</summary>
    public Task<(StoredApiKey Key, string Text)> CreateAsync(
        ApiCaller caller, string name, string role, TimeSpan? expires, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Admin, () => trail.AdministerAsync(caller, "Keys.Create", name, commandId, async () =>
        {
            var given = ApiRoles.FromWord(role) ?? throw WorkflowRefusedException.Of("invalid-request", $"role must be {ApiRoles.Words}.");
            var made = await StoreFaults.NameAsync(() => keys.CreateAsync(name, given, expires, caller.Name, commandId, cancellationToken)).ConfigureAwait(false);
            // Here it counts at once; that this reading fails changes nothing.
            await ring.ReadAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return made;
        }));

    /// <summary>Lists the keys.</summary>
    public Task<ImmutableArray<StoredApiKey>> ListAsync(ApiCaller caller, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Admin, () => StoreFaults.NameAsync(() => keys.ListAsync(cancellationToken)));

    /// <summary>Revokes a key.</summary>
    public Task RevokeAsync(ApiCaller caller, string key, bool evenTheLast, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Admin, () => trail.AdministerAsync(caller, "Keys.Revoke", key, commandId, async () =>
        {
            _ = CommandIds.Of(commandId);
            await StoreFaults.NameAsync(async () =>
            {
                await keys.RevokeAsync(key, caller.Name, evenTheLast, cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            await ring.ReadAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        }));
}
