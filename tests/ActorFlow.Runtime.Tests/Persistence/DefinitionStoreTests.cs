using System.Text;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Persistence;

public abstract class DefinitionStoreContract(ITestDatabase database) : IAsyncLifetime
{
    private static readonly StoredDefinition Definition =
        new("sha-1", "etl", 3, Encoding.UTF8.GetBytes("{\"name\":\"etl\"}"), new DateTimeOffset(2026, 11, 23, 12, 0, 0, 123, TimeSpan.FromHours(2)));

    private PersistenceStore _store = null!;

    public async Task InitializeAsync()
    {
        await database.ClearAsync();
        _store = database.Open();
    }

    public async Task DisposeAsync()
    {
        database.Resume();
        await _store.DisposeAsync();
        await database.DisposeAsync();
    }

    [StoreFact]
    public async Task Failure_rule_24_a_definition_put_is_there_after_a_restart()
    {
        await _store.Definitions.PutAsync(Definition);
        await _store.DisposeAsync();
        _store = database.Open();

        var found = await _store.Definitions.GetAsync("sha-1");

        Assert.NotNull(found);
        Assert.Equal(Definition with { Document = found.Document }, found);
        Assert.Equal(Definition.Document.ToArray(), found.Document.ToArray());
    }

    [StoreFact]
    public async Task Failure_rule_24_a_put_completes_only_when_the_row_is_durable()
    {
        database.Stall();
        var put = _store.Definitions.PutAsync(Definition);
        await Until.True(() => database.IsStalling);
        Assert.False(put.IsCompleted);
        Assert.Null(await _store.Definitions.GetAsync("sha-1"));

        database.Resume();
        await put;

        Assert.NotNull(await _store.Definitions.GetAsync("sha-1"));
    }

    [StoreFact]
    public async Task Failure_rule_24_a_definition_once_put_never_changes()
    {
        await _store.Definitions.PutAsync(Definition);

        await _store.Definitions.PutAsync(Definition with { Name = "other" });

        Assert.Equal("etl", (await _store.Definitions.GetAsync("sha-1"))?.Name);
    }

    [StoreFact]
    public async Task An_unknown_hash_is_not_found() => Assert.Null(await _store.Definitions.GetAsync("nothing"));

    [StoreFact]
    public async Task Registered_versions_are_listed_by_name_the_newest_first_and_never_change()
    {
        var noon = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        RegisteredDefinition[] versions = [new("b", 1, "h1", noon), new("a", 2, "h2", noon.AddTicks(1)), new("a", 10, "h3", noon), new("B", 1, "h4", noon)];
        foreach (var version in versions)
        {
            await _store.Registered.PutAsync(version);
        }

        await _store.Registered.PutAsync(versions[0] with { Hash = "other" });

        Assert.Equal([versions[3], versions[2], versions[1], versions[0]], [.. await _store.Registered.ListAsync()]);
    }
}

public sealed class SqliteDefinitionStoreTests() : DefinitionStoreContract(new SqliteTestDatabase());

[OnPostgres]
public sealed class PostgresDefinitionStoreTests(PostgresTestDatabase database) : DefinitionStoreContract(database), IClassFixture<PostgresTestDatabase>;
