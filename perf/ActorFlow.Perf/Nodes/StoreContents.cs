using System.Globalization;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorFlow.Perf.Nodes;

/// <summary>What is in a storage, looked at past its node; and runs put there without running them.</summary>
internal static class StoreContents
{
    /// <summary>How much the database takes on its disk, its log left out.</summary>
    public static async Task<long> BytesAsync(this NodeStorage storage) => storage.Journal == JournalKind.Postgres
        ? await NumberAsync(storage, "SELECT pg_database_size(current_database())").ConfigureAwait(false)
        : await NumberAsync(storage, "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)").ConfigureAwait(false);

    /// <summary>How many runs have left a tombstone.</summary>
    public static Task<long> TombstonesAsync(this NodeStorage storage) => NumberAsync(storage, "SELECT COUNT(*) FROM tombstone");

    /// <summary>How many runs there are.</summary>
    public static Task<long> RunsAsync(this NodeStorage storage) => NumberAsync(storage, "SELECT COUNT(*) FROM workflow_index");

    /// <summary>How many rows runs have in the journal: sharding has some, too.</summary>
    public static Task<long> EventsAsync(this NodeStorage storage) =>
        NumberAsync(storage, "SELECT COUNT(*) FROM journal WHERE persistence_id LIKE 'wf-%'");

    /// <summary>Writes the one run that is there so many times more, under ids such as the engine makes, all in sets.</summary>
    public static async Task MultiplyAsync(this NodeStorage storage, int count)
    {
        var isPostgres = storage.Journal == JournalKind.Postgres;
        var numbers = isPostgres
            ? $"generate_series(1, {count}) AS n (i)"
            : $"(WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {count}) SELECT i FROM c) AS n";
        var id = isPostgres ? "lpad(to_hex(n.i), 32, '0')" : "printf('%032x', n.i)";
        await NumberAsync(storage, string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            SELECT j.created, j.deleted, 'wf-' || {id}, j.sequence_number, j.message, j.manifest, j.identifier, j.writer_uuid
            FROM {numbers} CROSS JOIN (SELECT * FROM journal WHERE persistence_id LIKE 'wf-%') j ORDER BY n.i, j.sequence_number
            """)).ConfigureAwait(false);
        await NumberAsync(storage, string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO workflow_index (id, run_id, sequence, definition, version, status, started, updated, closed, next_poll_at, search, owes)
            SELECT {id}, w.run_id, w.sequence, w.definition, w.version, w.status, w.started + n.i, w.updated + n.i, w.closed + n.i, 0, w.search, w.owes
            FROM {numbers} CROSS JOIN workflow_index w ORDER BY n.i
            """)).ConfigureAwait(false);
        if (isPostgres)
        {
            await NumberAsync(storage, "ANALYZE").ConfigureAwait(false);
        }
    }

    /// <summary>Runs a statement; the number that it gives, or 0.</summary>
    private static async Task<long> NumberAsync(NodeStorage storage, string sql)
    {
        System.Data.Common.DbConnection connection = storage.Journal == JournalKind.Postgres
            ? new NpgsqlConnection(storage.ConnectionString)
            : new SqliteConnection($"Data Source={Path.Combine(storage.DataDirectory, "actorflow.db")};Pooling=False");
        await using var closing = connection.ConfigureAwait(false);
        await connection.OpenAsync().ConfigureAwait(false);
        var command = connection.CreateCommand();
        await using var disposing = command.ConfigureAwait(false);
#pragma warning disable CA2100 // The texts are constants and numbers of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 600;
        return await command.ExecuteScalarAsync().ConfigureAwait(false) is { } value and not DBNull
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : 0;
    }
}
