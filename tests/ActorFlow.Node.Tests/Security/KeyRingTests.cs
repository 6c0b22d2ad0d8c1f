using System.Collections.Immutable;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Persistence.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Node.Tests.Security;

/// <summary>What a node knows of keys, as time passes and the store fails.</summary>
public sealed class KeyRingTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly FailingKeys _stored = new();
    private readonly ApiKeys _keys;
    private readonly KeyRing _ring;

    public KeyRingTests()
    {
        _keys = new(_stored, _time);
        _ring = new(_stored, _time, NullLogger<KeyRing>.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _ring.DisposeAsync();

    [Fact]
    public async Task A_key_is_who_it_names()
    {
        var (_, text) = await _keys.CreateAsync("ci", ApiRole.Operator, expires: null, "os:ada");
        await _ring.ReadAsync(default);

        var caller = _ring.Find(text);

        Assert.Equal(("ci", ApiRole.Operator), (caller.Name, caller.Role));
        Assert.True(_ring.HasKeys);
    }

    [Fact]
    public async Task A_forged_secret_and_an_unknown_id_are_refused()
    {
        var (_, text) = await _keys.CreateAsync("ci", ApiRole.Operator, expires: null, "os:ada");
        var (_, other) = await _keys.CreateAsync("other", ApiRole.Operator, expires: null, "os:ada");
        await _ring.ReadAsync(default);

        Unauthenticated(text[..20] + other[20..]);
        Unauthenticated($"af_{new string('0', 16)}{text[19..]}");
        Unauthenticated("junk");
    }

    // The role of a key that a later version made is none that this one knows.
    [Fact]
    public async Task A_role_that_is_not_known_may_nothing()
    {
        var made = ApiKeyText.New(out var text);
        await _stored.AddAsync(new(made.Id, "worker-1", "worker", made.Hash, _time.GetUtcNow(), "os:ada", Expires: null), command: null);
        await _ring.ReadAsync(default);

        Assert.Equal(ApiRole.None, _ring.Find(text).Role);
        Assert.Throws<AccessDeniedException>(() => _ring.Find(text).Require(ApiRole.Viewer));
    }

    [Fact]
    public async Task Failure_92_what_was_revoked_elsewhere_ends_with_its_streams_within_5_seconds()
    {
        var (kept, keptText) = await _keys.CreateAsync("kept", ApiRole.Viewer, expires: null, "os:ada");
        var (gone, goneText) = await _keys.CreateAsync("gone", ApiRole.Viewer, expires: null, "os:ada");
        await _ring.StartingAsync(default);
        var (stays, ends) = (_ring.Find(keptText).Access, _ring.Find(goneText).Access);
        await _keys.RevokeAsync(gone.Id, "os:ada", evenTheLast: false);

        await PassAsync(TimeSpan.FromSeconds(4), () => ends.Ended.IsCancellationRequested);

        Unauthenticated(goneText);
        Assert.Equal("unauthenticated", ends.WhyEnded(_time.GetUtcNow())?.Code);
        Assert.Null(stays.WhyEnded(_time.GetUtcNow()));
        Assert.Equal(kept.Name, _ring.Find(keptText).Name);
    }

    [Fact]
    public async Task Failure_92_a_key_that_expires_ends_its_streams()
    {
        var (_, text) = await _keys.CreateAsync("ci", ApiRole.Viewer, TimeSpan.FromSeconds(30), "os:ada");
        await _ring.StartingAsync(default);
        var access = _ring.Find(text).Access;

        await PassAsync(TimeSpan.FromSeconds(34), () => access.Ended.IsCancellationRequested);

        Assert.Contains("expired", Unauthenticated(text), StringComparison.Ordinal);
        Assert.Equal("unauthenticated", access.WhyEnded(_time.GetUtcNow())?.Code);
        Assert.True(_ring.HasKeys);
    }

    [Fact]
    public async Task Failure_92_with_the_database_away_known_keys_live_60_seconds_and_then_nobody_is_told_that_a_key_is_wrong()
    {
        var (_, text) = await _keys.CreateAsync("ci", ApiRole.Viewer, expires: null, "os:ada");
        await _ring.StartingAsync(default);
        var access = _ring.Find(text).Access;
        _stored.IsAway = true;

        await PassAsync(TimeSpan.FromSeconds(58), () => _stored.Reads > 25);
        Assert.Equal("ci", _ring.Find(text).Name);
        Assert.False(access.Ended.IsCancellationRequested);
        // It may have been made meanwhile.
        Assert.Throws<UnavailableException>(() => _ring.Find($"af_{new string('0', 16)}{text[19..]}"));

        await PassAsync(TimeSpan.FromSeconds(6), () => access.Ended.IsCancellationRequested);
        Assert.Throws<UnavailableException>(() => _ring.Find(text));
        Assert.Equal("unavailable", access.WhyEnded(_time.GetUtcNow())?.Code);
        Assert.Null(_ring.HasKeys);

        _stored.IsAway = false;
        await PassAsync(TimeSpan.FromSeconds(4), () => _ring.HasKeys == true);
        Assert.False(_ring.Find(text).Access.Ended.IsCancellationRequested);
    }

    // A reading that hangs must not keep old keys alive.
    [Fact]
    public async Task Failure_92_a_store_that_does_not_answer_counts_as_away()
    {
        var (_, text) = await _keys.CreateAsync("ci", ApiRole.Viewer, expires: null, "os:ada");
        await _ring.StartingAsync(default);
        var access = _ring.Find(text).Access;
        _stored.Hangs = true;

        await PassAsync(TimeSpan.FromSeconds(64), () => access.Ended.IsCancellationRequested);

        Assert.Throws<UnavailableException>(() => _ring.Find(text));
    }

    [Fact]
    public async Task Failure_92_a_node_that_never_read_the_keys_knows_nothing()
    {
        var (_, text) = await _keys.CreateAsync("ci", ApiRole.Viewer, expires: null, "os:ada");
        _stored.IsAway = true;
        await _ring.StartingAsync(default);

        Assert.Null(_ring.HasKeys);
        Assert.Throws<UnavailableException>(() => _ring.Find(text));
    }

    [Fact]
    public async Task Failure_90_the_first_key_ends_the_streams_of_those_who_had_none()
    {
        await _ring.StartingAsync(default);
        Assert.False(_ring.HasKeys);
        var access = _ring.WithoutKey;
        await _keys.CreateAsync("admin", ApiRole.Admin, expires: null, "os:ada");

        await PassAsync(TimeSpan.FromSeconds(4), () => access.Ended.IsCancellationRequested);

        Assert.True(_ring.HasKeys);
        Assert.Equal("unauthenticated", access.WhyEnded(_time.GetUtcNow())?.Code);
    }

    [Fact]
    public async Task Failure_90_a_door_that_was_closed_stays_closed_when_its_keys_are_revoked_or_expire()
    {
        var (admin, _) = await _keys.CreateAsync("admin", ApiRole.Admin, TimeSpan.FromMinutes(1), "os:ada");
        await _keys.RevokeAsync(admin.Id, "os:ada", evenTheLast: true);

        await _ring.ReadAsync(default);

        Assert.True(_ring.HasKeys);
    }

    private string Unauthenticated(string text)
    {
        var refused = Assert.Throws<AccessDeniedException>(() => _ring.Find(text));
        Assert.Equal("unauthenticated", refused.Code);
        return refused.Message;
    }

    /// <summary>Lets time pass second by second; then the condition holds.</summary>
    private async Task PassAsync(TimeSpan time, Func<bool> condition)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var reads = _stored.Reads;
            for (var turn = 0; turn < 50 && _stored.Reads == reads; turn++)
            {
                await Task.Yield();
            }
        }

        await TestSupport.Eventually.HoldsAsync(() => Task.FromResult(condition()), "the condition holds");
    }

    private sealed class FailingKeys : IApiKeys
    {
        private readonly MemoryApiKeys _inner = new();
        private int _reads;

        public bool IsAway { get; set; }

        public bool Hangs { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public Task<ApiKeyAddition> AddAsync(StoredApiKey key, string? command, CancellationToken cancellationToken = default) => _inner.AddAsync(key, command, cancellationToken);

        public async Task<ImmutableArray<StoredApiKey>> ListAsync(bool revoked, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _reads);
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return IsAway ? throw new InvalidOperationException("The database is away.") : await _inner.ListAsync(revoked, cancellationToken);
        }

        public Task<ApiKeyRevocation> RevokeAsync(string id, DateTimeOffset at, string by, bool evenTheLast, CancellationToken cancellationToken = default) =>
            _inner.RevokeAsync(id, at, by, evenTheLast, cancellationToken);
    }
}
