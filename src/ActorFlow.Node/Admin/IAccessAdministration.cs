using System.Collections.Immutable;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Node.Admin;

/// <summary>Keeps the API keys and reads the audit, for commands: of a node, or of a store that is opened without one.</summary>
internal interface IAccessAdministration
{
    /// <summary>Makes a key.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="role">Its role.</param>
    /// <param name="expires">How long it opens the door; null means until it is revoked.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The key, and its text, which nobody can be shown again.</returns>
    Task<(KeySummary Key, string Text)> CreateKeyAsync(string name, string role, TimeSpan? expires, CancellationToken cancellationToken);

    /// <summary>Lists all keys by when they were made, those that were revoked among them.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<ImmutableArray<KeySummary>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>Revokes a key.</summary>
    /// <param name="key">Its id, or the name of one that is not revoked.</param>
    /// <param name="evenTheLast">Whether the last valid key with the role <c>admin</c> may go too.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task RevokeKeyAsync(string key, bool evenTheLast, CancellationToken cancellationToken);

    /// <summary>Reads the audit, the newest entries first.</summary>
    /// <param name="query">Which entries; its limit is that of all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<AuditEntry> AuditAsync(AuditQuery query, CancellationToken cancellationToken);
}

/// <summary>A key without its secret.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Role">The word of its role.</param>
/// <param name="Created">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="Expires">When it ends by itself; null means never.</param>
/// <param name="Revoked">When it was revoked; null means that it is not.</param>
internal sealed record KeySummary(
    string Id, string Name, string Role, DateTimeOffset Created, string CreatedBy, DateTimeOffset? Expires, DateTimeOffset? Revoked);
