using System.Collections.Immutable;
using System.Data.Common;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Client;

namespace ActorFlow.Node.Api;

/// <summary>The operations on API keys: what gRPC and JSON have in common.</summary>
/// <param name="keys">Does them.</param>
/// <param name="ring">The keys as this node knows them.</param>
/// <param name="gate">Lets calls in.</param>
internal sealed class KeyApi(ApiKeys keys, KeyRing ring, ApiGate gate)
{
    /// <summary>Makes a key: it, and its text, which is not shown again.</summary>
    public Task<(StoredApiKey Key, string Text)> CreateAsync(
        ApiCaller caller, string name, string role, TimeSpan? expires, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Admin, async () =>
        {
            var given = ApiRoles.FromWord(role) ?? throw WorkflowRefusedException.Of("invalid-request", $"role must be {ApiRoles.Words}.");
            var made = await NameAsync(() => keys.CreateAsync(name, given, expires, caller.Name, commandId, cancellationToken)).ConfigureAwait(false);
            // Here it counts at once; that this reading fails changes nothing.
            await ring.ReadAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return made;
        });

    /// <summary>Lists the keys.</summary>
    public Task<ImmutableArray<StoredApiKey>> ListAsync(ApiCaller caller, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Admin, () => NameAsync(() => keys.ListAsync(cancellationToken)));

    /// <summary>Revokes a key.</summary>
    public Task RevokeAsync(ApiCaller caller, string key, bool evenTheLast, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Admin, async () =>
        {
            _ = CommandIds.Of(commandId);
            await NameAsync(async () =>
            {
                await keys.RevokeAsync(key, caller.Name, evenTheLast, cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            await ring.ReadAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

    /// <summary>Does something; a store in trouble is <c>unavailable</c>.</summary>
    private static Task<T> NameAsync<T>(Func<Task<T>> work) => ClientFaults.NameAsync(async () =>
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (DbException failed)
        {
            throw WorkflowRefusedException.Of("unavailable", $"The store cannot be read: {failed.Message}", failed);
        }
    });
}
