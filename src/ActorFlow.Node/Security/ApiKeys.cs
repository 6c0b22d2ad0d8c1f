using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Node.Api;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Client;

namespace ActorFlow.Node.Security;

/// <summary>Makes, lists and revokes the API keys of a store. Who may write to the store may do so: the first key is made here, past every door.</summary>
/// <param name="keys">The keys of the store.</param>
/// <param name="time">The clock.</param>
internal sealed class ApiKeys(IApiKeys keys, TimeProvider time)
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>The longest life of a key that ends by itself.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(36_500);

    /// <summary>Makes a key.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="role">Its role.</param>
    /// <param name="expires">How long it opens the door; null means until it is revoked.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="commandId">The id of the command; null means that none is given.</param>
    /// <param name="cancellationToken">Withdraws it while it is not begun.</param>
    /// <returns>The key, and its text, which nobody can be shown again.</returns>
    /// <exception cref="InvalidRequestException">A value is out of range.</exception>
    /// <exception cref="ConflictException"><c>key-conflict</c>: a key that is not revoked has that name.</exception>
    /// <exception cref="WrongStateException">The command made a key before (failure rule 70).</exception>
    public async Task<(StoredApiKey Key, string Text)> CreateAsync(
        string name, ApiRole role, TimeSpan? expires, string by, string? commandId = null, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        if (expires is { } life && (life <= TimeSpan.Zero || life > LongestLife))
        {
            throw WorkflowRefusedException.Of("invalid-request", $"expires must lie between 1ms and {LongestLife.TotalDays:0}d.");
        }

        if (role == ApiRole.None)
        {
            throw WorkflowRefusedException.Of("invalid-request", $"role must be {ApiRoles.Words}.");
        }

        var command = commandId is null ? null : CommandIds.Of(commandId).ToString("n");
        var now = time.GetUtcNow();
        var made = ApiKeyText.New(out var text);
        var key = new StoredApiKey(made.Id, name, role.ToWord(), made.Hash, now, by, now + expires);
        return await keys.AddAsync(key, command, cancellationToken).ConfigureAwait(false) switch
        {
            ApiKeyAddition.Added => (key, text),
            ApiKeyAddition.NameTaken => throw WorkflowRefusedException.Of(
                "key-conflict", $"There is a key '{name}'; choose another name, or revoke that one."),
            _ => throw WorkflowRefusedException.Of(
                "wrong-state", "This command made a key before, and a key is shown once only: revoke it and create another."),
        };
    }

    /// <summary>The keys, by when they were made, those that were revoked among them.</summary>
    public Task<ImmutableArray<StoredApiKey>> ListAsync(CancellationToken cancellationToken = default) => keys.ListAsync(revoked: true, cancellationToken);

    /// <summary>Revokes a key; one that is revoked stays as it is.</summary>
    /// <param name="id">Its id, or the name of one that is not revoked.</param>
    /// <param name="by">Who revokes it.</param>
    /// <param name="evenTheLast">Whether the last key with the role <c>admin</c> is revoked too.</param>
    /// <param name="cancellationToken">Withdraws it while it is not begun.</param>
    /// <exception cref="NotFoundException"><c>key-not-found</c>.</exception>
    /// <exception cref="WrongStateException">It is the last admin key, and nobody said that it may go (failure rule 91).</exception>
    public async Task RevokeAsync(string id, string by, bool evenTheLast, CancellationToken cancellationToken = default)
    {
        var all = await keys.ListAsync(revoked: true, cancellationToken).ConfigureAwait(false);
        // An id comes first: no name of another key is in its way.
        var key = all.FirstOrDefault(key => key.Id == id) ?? all.FirstOrDefault(key => key.Revoked is null && key.Name == id);
        switch (await keys.RevokeAsync(key?.Id ?? id, time.GetUtcNow(), by, evenTheLast, cancellationToken).ConfigureAwait(false))
        {
            case ApiKeyRevocation.NotFound:
                throw WorkflowRefusedException.Of("key-not-found", $"There is no key '{OneLine.Of(id.Length <= LongestName ? id : id[..LongestName])}'.");
            case ApiKeyRevocation.LastAdmin:
                throw WorkflowRefusedException.Of(
                    "wrong-state", "It is the last key with the role admin: make another one first, or say that the last one may go.");
        }
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            throw WorkflowRefusedException.Of("bad-name", $"The name of a key has 1 to {LongestName} of the characters A-Z, a-z, 0-9, '.', '_' and '-'.");
        }
    }
}
