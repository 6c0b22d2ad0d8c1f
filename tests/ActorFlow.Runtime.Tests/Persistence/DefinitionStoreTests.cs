using System.Text;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Testing.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class DefinitionStoreTests : IAsyncLifetime
{
    private static readonly StoredDefinition Definition =
        new("sha-1", "etl", 3, Encoding.UTF8.GetBytes("{\"name\":\"etl\"}"), new DateTimeOffset(2026, 11, 23, 12, 0, 0, 123, TimeSpan.FromHours(2)));

    private readonly TemporaryDirectory _directory = new();
    private readonly DiskFaults _disk = new();
    private PersistenceStore _store = null!;

    public Task InitializeAsync()
    {
        _store = Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _disk.Resume();
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Failure_rule_24_a_definition_put_is_there_after_a_restart()
    {
        await _store.Definitions.PutAsync(Definition);
        await _store.DisposeAsync();
        _store = Open();

        var found = await _store.Definitions.GetAsync("sha-1");

        Assert.NotNull(found);
        Assert.Equal(Definition with { Document = found.Document }, found);
        Assert.Equal(Definition.Document.ToArray(), found.Document.ToArray());
    }

    [Fact]
    public async Task Failure_rule_24_a_put_completes_only_when_the_row_is_durable()
    {
        _disk.Stall();
        var put = _store.Definitions.PutAsync(Definition);
        await Until.True(() => _disk.IsStalling);
        Assert.False(put.IsCompleted);
        Assert.Null(await _store.Definitions.GetAsync("sha-1"));

        _disk.Resume();
        await put;

        Assert.NotNull(await _store.Definitions.GetAsync("sha-1"));
    }

    [Fact]
    public async Task Failure_rule_24_a_definition_once_put_never_changes()
    {
        await _store.Definitions.PutAsync(Definition);

        await _store.Definitions.PutAsync(Definition with { Name = "other" });

        Assert.Equal("etl", (await _store.Definitions.GetAsync("sha-1"))?.Name);
    }

    [Fact]
    public async Task An_unknown_hash_is_not_found() => Assert.Null(await _store.Definitions.GetAsync("nothing"));

    private PersistenceStore Open() => _disk.Open(new PersistenceOptions { DataDirectory = _directory.Path });
}
