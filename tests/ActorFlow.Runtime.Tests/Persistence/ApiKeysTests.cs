using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What every store promises of API keys.</summary>
public abstract class ApiKeysContract(IStoreOrigin origin) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly byte[] Hash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private PersistenceStore _store = null!;

    private IApiKeys Keys => _store.Keys;

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
    public async Task Keys_are_listed_as_they_were_made_after_a_restart_too()
    {
        var (first, second) = (Key("1", "ci", expires: Noon.AddTicks(7)), Key("2", "people", "admin") with { Created = Noon.AddTicks(1) });
        Assert.Equal(ApiKeyAddition.Added, await Keys.AddAsync(second, command: null));
        Assert.Equal(ApiKeyAddition.Added, await Keys.AddAsync(first, "c1"));
        await _store.DisposeAsync();
        _store = origin.Open();

        var keys = await Keys.ListAsync(revoked: true);

        Assert.Equal([first, second], keys.Select(key => key with { Hash = Hash }));
        Assert.All(keys, key => Assert.Equal(Hash, key.Hash.ToArray()));
    }

    [StoreFact]
    public async Task A_name_is_free_again_once_its_key_is_revoked()
    {
        await Keys.AddAsync(Key("1", "ci"), command: null);

        Assert.Equal(ApiKeyAddition.NameTaken, await Keys.AddAsync(Key("2", "ci"), command: null));
        Assert.Equal(ApiKeyRevocation.Revoked, await Keys.RevokeAsync("1", Noon.AddMinutes(1), "ada", evenTheLast: false));
        Assert.Equal(ApiKeyAddition.Added, await Keys.AddAsync(Key("2", "ci"), command: null));

        Assert.Equal("2", Assert.Single(await Keys.ListAsync(revoked: false)).Id);
        var revoked = (await Keys.ListAsync(revoked: true)).Single(key => key.Id == "1");
        Assert.Equal((Noon.AddMinutes(1), "ada"), (revoked.Revoked, revoked.RevokedBy));
    }

    [StoreFact]
    public async Task Failure_70_a_command_makes_one_key_even_when_that_one_is_revoked()
    {
        await Keys.AddAsync(Key("1", "ci"), "c1");

        Assert.Equal(ApiKeyAddition.Repeated, await Keys.AddAsync(Key("2", "ci"), "c1"));
        await Keys.RevokeAsync("1", Noon, "ada", evenTheLast: false);
        Assert.Equal(ApiKeyAddition.Repeated, await Keys.AddAsync(Key("3", "ci"), "c1"));

        Assert.Empty(await Keys.ListAsync(revoked: false));
    }

    [StoreFact]
    public async Task A_key_that_is_revoked_again_stays_as_it_was()
    {
        await Keys.AddAsync(Key("1", "ci"), command: null);
        await Keys.RevokeAsync("1", Noon, "ada", evenTheLast: false);

        Assert.Equal(ApiKeyRevocation.Revoked, await Keys.RevokeAsync("1", Noon.AddDays(1), "bob", evenTheLast: false));
        Assert.Equal(ApiKeyRevocation.NotFound, await Keys.RevokeAsync("9", Noon, "ada", evenTheLast: true));

        Assert.Equal((Noon, "ada"), (await Keys.ListAsync(revoked: true)).Select(key => (key.Revoked, key.RevokedBy)).Single());
    }

    // An admin key that has expired opens nothing: the other one is the last.
    [StoreFact]
    public async Task Failure_91_the_last_valid_admin_key_goes_only_when_that_is_said()
    {
        await Keys.AddAsync(Key("1", "one", "admin"), command: null);
        await Keys.AddAsync(Key("2", "two", "admin"), command: null);
        await Keys.AddAsync(Key("3", "old", "admin", Noon), command: null);
        await Keys.AddAsync(Key("4", "ci"), command: null);

        Assert.Equal(ApiKeyRevocation.Revoked, await Keys.RevokeAsync("1", Noon, "ada", evenTheLast: false));
        Assert.Equal(ApiKeyRevocation.LastAdmin, await Keys.RevokeAsync("2", Noon, "ada", evenTheLast: false));
        Assert.Equal(ApiKeyRevocation.Revoked, await Keys.RevokeAsync("3", Noon, "ada", evenTheLast: false));
        Assert.Equal(["2", "4"], (await Keys.ListAsync(revoked: false)).Select(key => key.Id));
        Assert.Equal(ApiKeyRevocation.Revoked, await Keys.RevokeAsync("2", Noon, "ada", evenTheLast: true));

        Assert.Equal("4", Assert.Single(await Keys.ListAsync(revoked: false)).Id);
    }

    [StoreFact]
    public async Task Failure_91_of_two_who_revoke_the_last_two_admin_keys_at_once_one_is_refused()
    {
        for (var round = 0; round < 10; round++)
        {
            var (one, two) = ($"{round}-1", $"{round}-2");
            await Keys.AddAsync(Key(one, one, "admin"), command: null);
            await Keys.AddAsync(Key(two, two, "admin"), command: null);

            var ends = await Task.WhenAll(
                Keys.RevokeAsync(one, Noon, "ada", evenTheLast: false), Keys.RevokeAsync(two, Noon, "bob", evenTheLast: false));

            Assert.Equal([ApiKeyRevocation.Revoked, ApiKeyRevocation.LastAdmin], ends.Order());
            var last = Assert.Single(await Keys.ListAsync(revoked: false));
            await Keys.RevokeAsync(last.Id, Noon, "ada", evenTheLast: true);
        }
    }

    private static StoredApiKey Key(string id, string name, string role = "operator", DateTimeOffset? expires = null) =>
        new(id, name, role, Hash, Noon, "os:ada", expires);
}

public sealed class MemoryApiKeysTests() : ApiKeysContract(new MemoryOrigin(keep: true));

public sealed class SqliteApiKeysTests() : ApiKeysContract(new SqliteTestDatabase());

[OnPostgres]
public sealed class PostgresApiKeysTests(PostgresTestDatabase database) : ApiKeysContract(database), IClassFixture<PostgresTestDatabase>;
