using System.Collections.Immutable;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>API keys in memory.</summary>
internal sealed class MemoryApiKeys : IApiKeys
{
    private readonly Lock _turn = new();
    private readonly HashSet<string> _commands = new(StringComparer.Ordinal);
    private ImmutableArray<StoredApiKey> _keys = [];

    public Task<ApiKeyAddition> AddAsync(StoredApiKey key, string? command, CancellationToken cancellationToken = default)
    {
        lock (_turn)
        {
            if (command is not null && _commands.Contains(command))
            {
                return Task.FromResult(ApiKeyAddition.Repeated);
            }

            if (_keys.Any(other => other.Revoked is null && other.Name == key.Name))
            {
                return Task.FromResult(ApiKeyAddition.NameTaken);
            }

            if (command is not null)
            {
                _commands.Add(command);
            }

            _keys = [.. _keys.Add(key).OrderBy(other => other.Created).ThenBy(other => other.Id, StringComparer.Ordinal)];
            return Task.FromResult(ApiKeyAddition.Added);
        }
    }

    public Task<ImmutableArray<StoredApiKey>> ListAsync(bool revoked, CancellationToken cancellationToken = default)
    {
        lock (_turn)
        {
            return Task.FromResult(revoked ? _keys : [.. _keys.Where(key => key.Revoked is null)]);
        }
    }

    public Task<ApiKeyRevocation> RevokeAsync(
        string id, DateTimeOffset at, string by, bool evenTheLast, CancellationToken cancellationToken = default)
    {
        lock (_turn)
        {
            if (_keys.FirstOrDefault(key => key.Id == id) is not { } key)
            {
                return Task.FromResult(ApiKeyRevocation.NotFound);
            }

            if (key.Revoked is not null)
            {
                return Task.FromResult(ApiKeyRevocation.Revoked);
            }

            var isLast = key.Role == StoredApiKey.AdminRole && key.IsValid(at)
                && !_keys.Any(other => other.Id != id && other.Role == StoredApiKey.AdminRole && other.IsValid(at));
            if (isLast && !evenTheLast)
            {
                return Task.FromResult(ApiKeyRevocation.LastAdmin);
            }

            _keys = _keys.Replace(key, key with { Revoked = at.ToUniversalTime(), RevokedBy = by });
            return Task.FromResult(ApiKeyRevocation.Revoked);
        }
    }
}
