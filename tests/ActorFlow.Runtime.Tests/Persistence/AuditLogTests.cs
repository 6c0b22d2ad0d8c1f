using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What every store promises of the audit.</summary>
public abstract class AuditLogContract(IStoreOrigin origin) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private PersistenceStore _store = null!;

    private IAuditLog Audit => _store.Audit;

    public async Task InitializeAsync()
    {
        await origin.ClearAsync();
        _store = origin.Open();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await origin.DisposeAsync();
    }

    [StoreFact]
    public async Task Entries_are_listed_the_newest_first_after_a_restart_too_and_are_there_once()
    {
        AuditEntry[] entries = [Entry(1, "a"), Entry(2, "a"), Entry(2, "b"), Entry(3, "a") with { Count = 7, Outcome = "forbidden", Caller = "ä😀" }];
        await Audit.AddAsync([entries[2], entries[0]]);
        await Audit.AddAsync([entries[1], entries[3], entries[0]]);
        await _store.DisposeAsync();
        _store = origin.Open();

        Assert.Equal(entries.Reverse(), await Audit.ListAsync(new() { Limit = 10 }));
    }

    [StoreFact]
    public async Task Entries_are_found_by_time_caller_and_target()
    {
        AuditEntry[] entries = [Entry(1, "a"), Entry(2, "a") with { Caller = "bob" }, Entry(3, "a") with { Target = "order-8" }];
        await Audit.AddAsync(entries);

        Assert.Equal([entries[2], entries[1]], await ListAsync(new() { Since = entries[1].Time, Limit = 10 }));
        Assert.Equal([entries[0]], await ListAsync(new() { Until = entries[1].Time, Limit = 10 }));
        Assert.Equal([entries[1]], await ListAsync(new() { By = "bob", Limit = 10 }));
        Assert.Equal([entries[2]], await ListAsync(new() { Target = "order-8", Limit = 10 }));
        Assert.Empty(await Audit.ListAsync(new() { By = "bob", Target = "order-8", Limit = 10 }));
    }

    [StoreFact]
    public async Task Pages_neither_repeat_nor_leave_out_entries_of_one_time()
    {
        var entries = Enumerable.Range(0, 25).Select(i => Entry(i / 5, $"{i:00}")).ToArray();
        await Audit.AddAsync(entries);

        var read = new List<AuditEntry>();
        (DateTimeOffset, string)? after = null;
        while (await Audit.ListAsync(new() { After = after, Limit = 3 }) is { IsEmpty: false } page)
        {
            read.AddRange(page);
            after = (page[^1].Time, page[^1].Id);
        }

        Assert.Equal(entries.Reverse(), read);
    }

    [StoreFact]
    public async Task The_oldest_go_first_and_what_is_young_stays()
    {
        await Audit.AddAsync([.. Enumerable.Range(0, 10).Select(i => Entry(i, "a"))]);

        Assert.Equal(3, await Audit.RemoveAsync(Noon.AddSeconds(5), max: 3));
        Assert.Equal(2, await Audit.RemoveAsync(Noon.AddSeconds(5), max: 3));
        Assert.Equal(0, await Audit.RemoveAsync(Noon.AddSeconds(5), max: 3));

        Assert.Equal([9, 8, 7, 6, 5], (await Audit.ListAsync(new() { Limit = 10 })).Select(entry => (int)(entry.Time - Noon).TotalSeconds));
    }

    private async Task<AuditEntry[]> ListAsync(AuditQuery query) => [.. await Audit.ListAsync(query)];

    private static AuditEntry Entry(int second, string id) =>
        new(Noon.AddSeconds(second), id, "ada", "operator", "Workflows.Pause", "order-7", "c1", "ok");
}

public sealed class MemoryAuditLogTests() : AuditLogContract(new MemoryOrigin(keep: true));

public sealed class SqliteAuditLogTests() : AuditLogContract(new SqliteTestDatabase());

[OnPostgres]
public sealed class PostgresAuditLogTests(PostgresTestDatabase database) : AuditLogContract(database), IClassFixture<PostgresTestDatabase>;
