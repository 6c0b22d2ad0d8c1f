using System.Collections.Immutable;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>Definitions as rows of table <c>definition</c>.</summary>
internal sealed class SqlDefinitionStore(SqlAccess database) : IDefinitionStore
{
    private const string Insert =
        "INSERT INTO definition (hash, name, version, document, created) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO NOTHING";

    private const string Select = "SELECT name, version, document, created FROM definition WHERE hash = $1";

    public Task PutAsync(StoredDefinition definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return database.Writes.WriteAsync(
            definition.Hash,
            rows: 1,
            cancellationToken,
            new SqlStatement(
                Insert,
                definition.Hash,
                definition.Name,
                definition.Version,
                definition.Document.ToArray(),
                database.Dialect.Created(definition.Created)));
    }

    public Task<StoredDefinition?> GetAsync(string hash, CancellationToken cancellationToken = default) =>
        database.Readers.ReadAsync(session =>
        {
            using var row = session.Query(Select, hash);
            return row.Read()
                ? new StoredDefinition(
                    hash, row.GetString(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2), database.Dialect.Created(row, 3))
                : null;
        }).WaitAsync(cancellationToken);
}

/// <summary>Registered versions as rows of table <c>definition_version</c>.</summary>
internal sealed class SqlRegisteredDefinitions(SqlAccess database) : IRegisteredDefinitions
{
    private const string Insert =
        "INSERT INTO definition_version (name, version, hash, registered) VALUES ($1, $2, $3, $4) ON CONFLICT (name, version) DO NOTHING";

    private const string Select = "SELECT name, version, hash, registered FROM definition_version ORDER BY name, version DESC";

    public Task PutAsync(RegisteredDefinition version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        return database.Writes.WriteAsync(
            version.Name,
            rows: 1,
            cancellationToken,
            new SqlStatement(Insert, version.Name, version.Version, version.Hash, version.Registered.UtcTicks));
    }

    public Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default) =>
        database.Readers.ReadAsync(session =>
        {
            var versions = ImmutableArray.CreateBuilder<RegisteredDefinition>();
            using var row = session.Query(Select);
            while (row.Read())
            {
                versions.Add(new(row.GetString(0), row.GetInt32(1), row.GetString(2), new(row.GetInt64(3), TimeSpan.Zero)));
            }

            return versions.ToImmutable();
        }).WaitAsync(cancellationToken);
}
