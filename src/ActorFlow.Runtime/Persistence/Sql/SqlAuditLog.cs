using System.Collections.Immutable;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>The audit as rows of table <c>audit</c>.</summary>
internal sealed class SqlAuditLog(SqlAccess database) : IAuditLog
{
    private const string Table = "audit";

    private const string Insert =
        """
        INSERT INTO audit (time, id, caller, role, verb, target, command, outcome, count)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (time, id) DO NOTHING
        """;

    private const string Select =
        """
        SELECT time, id, caller, role, verb, target, command, outcome, count FROM audit
        WHERE time >= $1 AND time < $2 AND (time, id) < ($3, $4) AND ($5 = '' OR caller = $5) AND ($6 = '' OR target = $6)
        ORDER BY time DESC, id DESC LIMIT $7
        """;

    private const string Delete =
        "DELETE FROM audit WHERE (time, id) IN (SELECT time, id FROM audit WHERE time < $1 ORDER BY time, id LIMIT $2) RETURNING 1";

    public Task AddAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return database.Writes.WriteAsync(Table, entries.Count, cancellationToken, [.. entries.Select(entry => new SqlStatement(
            Insert,
            entry.Time.UtcTicks,
            entry.Id,
            entry.Caller,
            entry.Role,
            entry.Verb,
            entry.Target,
            entry.Command,
            entry.Outcome,
            entry.Count))]);
    }

    public Task<ImmutableArray<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return database.Readers.ReadAsync(session =>
        {
            var entries = ImmutableArray.CreateBuilder<AuditEntry>();
            using var row = session.Query(
                Select,
                query.Since?.UtcTicks ?? 0L,
                query.Until?.UtcTicks ?? long.MaxValue,
                query.After?.Time.UtcTicks ?? long.MaxValue,
                query.After?.Id ?? string.Empty,
                query.By ?? string.Empty,
                query.Target ?? string.Empty,
                query.Limit);
            while (row.Read())
            {
                entries.Add(new(
                    new(row.GetInt64(0), TimeSpan.Zero),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetString(4),
                    row.GetString(5),
                    row.GetString(6),
                    row.GetString(7),
                    row.GetInt32(8)));
            }

            return entries.ToImmutable();
        }).WaitAsync(cancellationToken);
    }

    public async Task<int> RemoveAsync(DateTimeOffset before, int max, CancellationToken cancellationToken = default)
    {
        var removed = 0;
        await database.Writes.WriteAsync(
            Table, max, cancellationToken, new SqlStatement(Delete, before.UtcTicks, max) { Read = _ => removed++ }).ConfigureAwait(false);
        // A transaction that was done again has told of its rows twice.
        return Math.Min(removed, max);
    }
}
