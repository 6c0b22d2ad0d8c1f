using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>Registered versions as rows of table <c>definition_version</c>.</summary>
internal sealed class SqliteRegisteredDefinitions(SqliteWriteQueue writes, SqliteReaders readers) : IRegisteredDefinitions
{
    private const string Insert =
        "INSERT INTO definition_version (name, version, hash, registered) VALUES ($1, $2, $3, $4) ON CONFLICT (name, version) DO NOTHING";

    private const string Select = "SELECT name, version, hash, registered FROM definition_version ORDER BY name, version DESC";

    public Task PutAsync(RegisteredDefinition version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        return writes.WriteAsync(
            statements => statements.Execute(Insert, version.Name, version.Version, version.Hash, version.Registered.UtcTicks),
            rows: 1,
            cancellationToken);
    }

    public Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default) =>
        readers.ReadAsync(List).WaitAsync(cancellationToken);

    private static ImmutableArray<RegisteredDefinition> List(SqliteStatements statements)
    {
        var versions = ImmutableArray.CreateBuilder<RegisteredDefinition>();
        using var row = statements.Query(Select);
        while (row.Read())
        {
            versions.Add(new(row.GetString(0), row.GetInt32(1), row.GetString(2), new(row.GetInt64(3), TimeSpan.Zero)));
        }

        return versions.ToImmutable();
    }
}
