using ActorFlow.Client.Calling;
using ActorFlow.Client.Mapping;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Client;

/// <summary>Keeps the API keys of a cluster, for the command: applications have no use for it.</summary>
/// <param name="calls">Speaks to the cluster.</param>
internal sealed class KeyClient(NodeCalls calls)
{
    /// <summary>Makes a key, which is shown in this answer only.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="role">The word of its role.</param>
    /// <param name="expires">How long it opens the door; null means until it is revoked.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WrongStateException">An attempt whose answer was lost made it: revoke it and create another.</exception>
    public Task<V1.CreateKeyResponse> CreateAsync(string name, string role, TimeSpan? expires, CancellationToken cancellationToken = default)
    {
        var request = new V1.CreateKeyRequest
        {
            Name = ToWire.Text(name, "The name"),
            Role = ToWire.Text(role, "The role"),
            Expires = expires is { } life ? Duration.FromTimeSpan(life) : null,
            CommandId = ToWire.CommandId(null),
        };
        return calls.CallAsync((node, options) => node.Keys.CreateAsync(request, options), cancellationToken);
    }

    /// <summary>Lists all keys, those that were revoked among them, by when they were made.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlyList<V1.Key>> ListAsync(CancellationToken cancellationToken = default)
    {
        var request = new V1.ListKeysRequest();
        return (await calls.CallAsync((node, options) => node.Keys.ListAsync(request, options), cancellationToken).ConfigureAwait(false)).Items;
    }

    /// <summary>Revokes a key.</summary>
    /// <param name="key">Its id, or the name of one that is not revoked.</param>
    /// <param name="evenTheLast">Whether the last valid key with the role <c>admin</c> may go too.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task RevokeAsync(string key, bool evenTheLast, CancellationToken cancellationToken = default)
    {
        var request = new V1.RevokeKeyRequest { Key = ToWire.Text(key, "The key"), Last = evenTheLast, CommandId = ToWire.CommandId(null) };
        return calls.CallAsync((node, options) => node.Keys.RevokeAsync(request, options), cancellationToken);
    }
}
