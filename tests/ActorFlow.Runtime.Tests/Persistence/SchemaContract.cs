using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>
/// Databases that earlier programs made. The fixtures hold the statements of those programs and a few rows: they are never changed.
/// </summary>
public abstract class SchemaContract : IAsyncLifetime
{
    private readonly List<PersistenceStore> _stores = [];

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }
    }

    /// <summary>The fixtures that lead to the version before the newest, and the one that leads from it to the newest.</summary>
    private protected abstract (string[] Before, string Newest) Fixtures { get; }

    private protected abstract int Newest { get; }

    [StoreFact]
    public async Task A_database_of_the_version_before_gets_what_came_later_and_keeps_its_rows()
    {
        await RunAsync(string.Concat(Fixtures.Before.Select(Fixture)));
        Assert.Equal(Newest - 1, await MarkAsync());

        await LooksAsKeptAsync(Open());

        Assert.Equal(Newest, await MarkAsync());
    }

    [StoreFact]
    public async Task A_database_of_this_version_that_an_earlier_program_made_opens_as_it_is()
    {
        await RunAsync(string.Concat(Fixtures.Before.Select(Fixture)));
        await RunAsync(Fixture(Fixtures.Newest));
        var tables = await TablesAsync();

        await LooksAsKeptAsync(Open());

        Assert.Equal(tables, await TablesAsync());
        Assert.Equal(Newest, await MarkAsync());
    }

    [StoreFact]
    public async Task A_new_database_has_the_tables_that_earlier_programs_made()
    {
        await RunAsync(string.Concat(Fixtures.Before.Select(Fixture)));
        await RunAsync(Fixture(Fixtures.Newest));
        var former = await TablesAsync();
        await ClearAsync();

        Open();

        Assert.Equal(former, await TablesAsync());
    }

    [StoreFact]
    public async Task A_newer_version_is_refused_by_name_and_left_alone()
    {
        await RunAsync(string.Concat(Fixtures.Before.Select(Fixture)));
        await MarkAsync(Newest + 1);
        var tables = await TablesAsync();

        var refusal = Assert.ThrowsAny<Exception>(Prepare);

        Assert.Equal($"{Name} has schema version {Newest + 1}, this ActorFlow knows up to {Newest}: use a newer ActorFlow.", refusal.Message);
        Assert.Equal(Newest + 1, await MarkAsync());
        Assert.Equal(tables, await TablesAsync());
    }

    [StoreFact]
    public async Task A_version_that_fails_leaves_the_database_at_the_one_before()
    {
        await RunAsync(string.Concat(Fixtures.Before.Select(Fixture)));
        await RunAsync("CREATE TABLE api_key (mine integer)");
        var tables = await TablesAsync();

        Assert.ThrowsAny<Exception>(Prepare);

        Assert.Equal(tables, await TablesAsync());
        Assert.Equal(Newest - 1, await MarkAsync());
        await RunAsync("DROP TABLE api_key");
        Prepare();
        Assert.Equal(Newest, await MarkAsync());
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Those_who_start_at_once_apply_each_version_once(bool isNew)
    {
        if (!isNew)
        {
            await RunAsync(string.Concat(Fixtures.Before.Select(Fixture)));
        }

        using var together = new Barrier(4);
        // A version that is applied twice fails: its tables are there.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                Prepare();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(Newest, await MarkAsync());
    }

    /// <summary>The database as a refusal names it.</summary>
    private protected abstract string Name { get; }

    private protected abstract void Prepare();

    private protected abstract PersistenceStore OpenStore();

    private protected abstract Task RunAsync(string sql);

    private protected abstract Task ClearAsync();

    private protected abstract Task<int> MarkAsync();

    private protected abstract Task MarkAsync(int version);

    /// <summary>Every table, column, index and function, in the words of the database.</summary>
    private protected abstract Task<List<string>> TablesAsync();

    private PersistenceStore Open()
    {
        var store = OpenStore();
        _stores.Add(store);
        return store;
    }

    private static async Task LooksAsKeptAsync(PersistenceStore store)
    {
        var definition = await store.Definitions.GetAsync("h1");
        Assert.Equal(new DateTime(2026, 1, 2), definition!.Created.UtcDateTime.Date);
        Assert.Equal("{}"u8.ToArray(), definition.Document.ToArray());
        Assert.Equal("order", Assert.Single(await store.Registered.ListAsync()).Name);
        var row = Assert.Single((await store.Index.ListAsync(new IndexQuery { Tags = ImmutableSortedDictionary<string, string>.Empty.Add("team", "blue") })).Rows);
        Assert.Equal(Guid.Parse("0192f0c0-0000-7000-8000-000000000001"), row.RunId);
        Assert.Equal(new IndexedFailure("T", "M"), row.Failure);
        Assert.Equal(3, (int)row.Owes);
        Assert.Empty(await store.Purge.FindAsync(DateTimeOffset.MaxValue, row.Updated, 10));
        var due = Assert.Single(await store.Index.ClaimOwingAsync(DateTimeOffset.MaxValue, row.Updated, 10, TimeSpan.FromMinutes(1)));
        Assert.Equal("run-1", due.WorkflowId);
        Assert.Equal(1, await ((ITableStore)store).Journal.HighestSequenceNrAsync("other-1"));
    }

    private static string Fixture(string name)
    {
        using var reader = new StreamReader(typeof(SchemaContract).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
