using System.Globalization;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>Definitions as rows of table <c>definition</c>.</summary>
internal sealed class SqliteDefinitionStore(SqliteWriteQueue writes, SqliteReaders readers) : IDefinitionStore
{
    private const string Insert =
        "INSERT INTO definition (hash, name, version, document, created) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO NOTHING";

    private const string Select = "SELECT name, version, document, created FROM definition WHERE hash = $1";

    public Task PutAsync(StoredDefinition definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var created = definition.Created.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        return writes.WriteAsync(
            statements => statements.Execute(
                Insert, definition.Hash, definition.Name, definition.Version, definition.Document.ToArray(), created),
            rows: 1,
            cancellationToken);
    }

    public Task<StoredDefinition?> GetAsync(string hash, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(statements => Get(statements, hash)).WaitAsync(cancellationToken);

    private static StoredDefinition? Get(SqliteStatements statements, string hash)
    {
        using var row = statements.Query(Select, hash);
        return row.Read()
            ? new StoredDefinition(
                hash,
                row.GetString(0),
                row.GetInt32(1),
                row.GetFieldValue<byte[]>(2),
                DateTimeOffset.Parse(row.GetString(3), CultureInfo.InvariantCulture))
            : null;
    }
}
