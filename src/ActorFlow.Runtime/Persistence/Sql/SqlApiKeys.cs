using System.Collections.Immutable;
using System.Data.Common;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>API keys as rows of table <c>api_key</c>.</summary>
internal sealed class SqlApiKeys(SqlAccess database) : IApiKeys
{
    private const string Table = "api_key";

    private const string Insert =
        """
        INSERT INTO api_key (id, name, role, hash, command, created, created_by, expires)
        VALUES ($1, $2, $3, $4, NULLIF($5, ''), $6, $7, NULLIF($8, 0)) ON CONFLICT DO NOTHING
        """;

    private const string IsAdded = "SELECT 1 FROM api_key WHERE id = $1";

    private const string IsRepeated = "SELECT 1 FROM api_key WHERE command = $1";

    private const string Columns = "SELECT id, name, role, hash, created, created_by, expires, revoked, revoked_by FROM api_key";

    private const string SelectAll = $"{Columns} ORDER BY created, id";

    private const string SelectValid = $"{Columns} WHERE revoked IS NULL ORDER BY created, id";

    // Of two nodes that revoke the last two at once, the second waits here and then sees what the first one did.
    private const string LockAdmins = "UPDATE api_key SET role = role WHERE role = $1 AND revoked IS NULL";

    private const string Revoke =
        """
        UPDATE api_key SET revoked = $1, revoked_by = $2 WHERE id = $3 AND revoked IS NULL AND ($4 = 1 OR role <> $5 OR expires <= $1 OR EXISTS (
          SELECT 1 FROM api_key o WHERE o.role = $5 AND o.revoked IS NULL AND o.id <> $3 AND (o.expires IS NULL OR o.expires > $1)))
        """;

    private const string SelectRevoked = "SELECT revoked FROM api_key WHERE id = $1";

    public async Task<ApiKeyAddition> AddAsync(StoredApiKey key, string? command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        await database.Writes.WriteAsync(
            Table,
            rows: 1,
            cancellationToken,
            new SqlStatement(
                Insert,
                key.Id,
                key.Name,
                key.Role,
                key.Hash.ToArray(),
                command ?? string.Empty,
                key.Created.UtcTicks,
                key.CreatedBy,
                key.Expires?.UtcTicks ?? 0)).ConfigureAwait(false);
        return await database.Readers.ReadAsync(session =>
            session.Scalar(IsAdded, key.Id) is not null ? ApiKeyAddition.Added
            : command is not null && session.Scalar(IsRepeated, command) is not null ? ApiKeyAddition.Repeated
            : ApiKeyAddition.NameTaken).ConfigureAwait(false);
    }

    public Task<ImmutableArray<StoredApiKey>> ListAsync(bool revoked, CancellationToken cancellationToken = default) =>
        database.Readers.ReadAsync(session =>
        {
            var keys = ImmutableArray.CreateBuilder<StoredApiKey>();
            using var row = session.Query(revoked ? SelectAll : SelectValid);
            while (row.Read())
            {
                keys.Add(new(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3), TimeOf(row, 4)!.Value, row.GetString(5), TimeOf(row, 6))
                {
                    Revoked = TimeOf(row, 7),
                    RevokedBy = row.IsDBNull(8) ? null : row.GetString(8),
                });
            }

            return keys.ToImmutable();
        }).WaitAsync(cancellationToken);

    public async Task<ApiKeyRevocation> RevokeAsync(
        string id, DateTimeOffset at, string by, bool evenTheLast, CancellationToken cancellationToken = default)
    {
        await database.Writes.WriteAsync(
            Table,
            rows: 1,
            cancellationToken,
            new SqlStatement(LockAdmins, StoredApiKey.AdminRole),
            new SqlStatement(Revoke, at.UtcTicks, by, id, evenTheLast ? 1 : 0, StoredApiKey.AdminRole)).ConfigureAwait(false);
        return await database.Readers.ReadAsync(session =>
        {
            using var row = session.Query(SelectRevoked, id);
            return !row.Read() ? ApiKeyRevocation.NotFound : row.IsDBNull(0) ? ApiKeyRevocation.LastAdmin : ApiKeyRevocation.Revoked;
        }).ConfigureAwait(false);
    }

    private static DateTimeOffset? TimeOf(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
