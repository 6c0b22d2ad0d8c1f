using System.Collections.Immutable;

namespace ActorFlow.Runtime.Access;

/// <summary>The API keys of a store. There are few, and they stay when they are revoked.</summary>
internal interface IApiKeys
{
    /// <summary>Keeps a key. Durable when the task completes with <see cref="ApiKeyAddition.Added"/>.</summary>
    /// <param name="key">The key; it is not revoked.</param>
    /// <param name="command">The command that makes it; null means that no other can be the same.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="Persistence.StoreWriteException">The store could not write.</exception>
    Task<ApiKeyAddition> AddAsync(StoredApiKey key, string? command, CancellationToken cancellationToken = default);

    /// <summary>The keys, by when they were made.</summary>
    /// <param name="revoked">Whether those that were revoked are among them.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<StoredApiKey>> ListAsync(bool revoked, CancellationToken cancellationToken = default);

    /// <summary>Revokes a key; one that is revoked stays as it is.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="at">The time.</param>
    /// <param name="by">Who revokes it.</param>
    /// <param name="evenTheLast">Whether the last key with the role <c>admin</c> is revoked too.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="Persistence.StoreWriteException">The store could not write.</exception>
    Task<ApiKeyRevocation> RevokeAsync(string id, DateTimeOffset at, string by, bool evenTheLast, CancellationToken cancellationToken = default);
}

/// <summary>An API key as it is kept.</summary>
/// <param name="Id">Its id, which is no secret.</param>
/// <param name="Name">Its name: of the keys that are not revoked, no two have one.</param>
/// <param name="Role">The word of its role.</param>
/// <param name="Hash">The SHA-256 of its secret.</param>
/// <param name="Created">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="Expires">When it ends by itself; null means never.</param>
internal sealed record StoredApiKey(
    string Id, string Name, string Role, ReadOnlyMemory<byte> Hash, DateTimeOffset Created, string CreatedBy, DateTimeOffset? Expires)
{
    /// <summary>The role of which the last key is not revoked by mistake.</summary>
    public const string AdminRole = "admin";

    /// <summary>When it was revoked; null means that it is not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Who revoked it; null means that it is not revoked.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>Whether it opens the door at a time.</summary>
    public bool IsValid(DateTimeOffset now) => Revoked is null && (Expires is null || Expires > now);
}

/// <summary>What became of a new key.</summary>
internal enum ApiKeyAddition
{
    /// <summary>It is kept.</summary>
    Added,

    /// <summary>A key that is not revoked has its name.</summary>
    NameTaken,

    /// <summary>The command made a key before, whose secret nobody knows any more.</summary>
    Repeated,
}

/// <summary>What became of a revocation.</summary>
internal enum ApiKeyRevocation
{
    /// <summary>The key is revoked, now or before.</summary>
    Revoked,

    /// <summary>There is no such key.</summary>
    NotFound,

    /// <summary>It is the last valid one with the role <c>admin</c>, and stays.</summary>
    LastAdmin,
}
