using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Persistence.Memory;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Node.Tests.Security;

/// <summary>The text of keys, and how they are made past every door: what <c>actorflow key create --data</c> calls.</summary>
public sealed class ApiKeyTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryApiKeys _stored = new();

    private ApiKeys Keys => new(_stored, _time);

    [Fact]
    public async Task A_key_is_shown_once_and_only_its_hash_is_kept()
    {
        var (made, text) = await Keys.CreateAsync("ci", ApiRole.Operator, TimeSpan.FromDays(90), "os:ada");

        Assert.Matches("^af_[0-9a-f]{16}_[0-9a-f]{64}$", text);
        var kept = Assert.Single(await Keys.ListAsync());
        Assert.Equal(("ci", "operator", "os:ada", _time.GetUtcNow().AddDays(90)), (kept.Name, kept.Role, kept.CreatedBy, kept.Expires));
        Assert.Equal((made.Id, 32), (kept.Id, kept.Hash.Length));
        Assert.True(ApiKeyText.TryRead(text, out var read));
        Assert.Equal(kept.Id, read.Id);
        Assert.True(read.Fits(kept.Hash.Span));
    }

    [Fact]
    public async Task Another_secret_does_not_fit()
    {
        var (kept, _) = await Keys.CreateAsync("ci", ApiRole.Operator, expires: null, "os:ada");
        var (_, other) = await Keys.CreateAsync("other", ApiRole.Operator, expires: null, "os:ada");

        Assert.True(ApiKeyText.TryRead($"af_{kept.Id}{other[19..]}", out var forged));

        Assert.Equal(kept.Id, forged.Id);
        Assert.False(forged.Fits(kept.Hash.Span));
        Assert.False(forged.Fits([]));
    }

    public static TheoryData<string?> Junk => new()
    {
        null, "", "af_", "af__", "junk", new string('a', 84), $"af_{new string('0', 16)}_{new string('0', 63)}", $"af_{new string('0', 16)}_{new string('0', 65)}",
        $"af_{new string('0', 16)}-{new string('0', 64)}", $"AF_{new string('0', 16)}_{new string('0', 64)}", $"af_{new string('0', 16)}_{new string('A', 64)}",
        $"af_{new string('0', 15)}g_{new string('0', 64)}", $"af_{new string('0', 16)}_{new string('0', 63)}é", $"af_{new string('0', 16)}_{new string('0', 63)}\0",
    };

    [Theory]
    [MemberData(nameof(Junk))]
    public void What_has_another_form_is_no_key(string? text) => Assert.False(ApiKeyText.TryRead(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("os:ada")]
    [InlineData("a@b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public async Task A_name_of_other_characters_is_refused(string name)
    {
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Keys.CreateAsync(name, ApiRole.Viewer, expires: null, "os:ada"));

        Assert.Equal("bad-name", refused.Code);
        Assert.Empty(await Keys.ListAsync());
    }

    [Fact]
    public async Task A_life_that_is_none_and_a_role_that_is_none_are_refused()
    {
        foreach (var life in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.MaxValue])
        {
            await Assert.ThrowsAsync<InvalidRequestException>(() => Keys.CreateAsync("ci", ApiRole.Viewer, life, "os:ada"));
        }

        await Assert.ThrowsAsync<InvalidRequestException>(() => Keys.CreateAsync("ci", ApiRole.None, expires: null, "os:ada"));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Keys.CreateAsync(new('a', 101), ApiRole.Viewer, expires: null, "os:ada"));
        Assert.Empty(await Keys.ListAsync());
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict()
    {
        await Keys.CreateAsync("ci", ApiRole.Viewer, expires: null, "os:ada");

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Keys.CreateAsync("ci", ApiRole.Admin, expires: null, "os:ada"));

        Assert.Equal("key-conflict", refused.Code);
    }

    [Fact]
    public async Task Failure_70_a_second_create_under_one_command_id_is_told_to_revoke_and_create()
    {
        var (first, _) = await Keys.CreateAsync("ci", ApiRole.Viewer, expires: null, "os:ada", "c1");

        var refused = await Assert.ThrowsAsync<WrongStateException>(() => Keys.CreateAsync("ci", ApiRole.Viewer, expires: null, "os:ada", "c1"));

        Assert.Equal("wrong-state", refused.Code);
        Assert.Contains("revoke it and create another", refused.Message, StringComparison.Ordinal);
        Assert.Equal(first.Id, Assert.Single(await Keys.ListAsync()).Id);
    }

    [Fact]
    public async Task Failure_91_the_last_admin_key_goes_only_when_that_is_said()
    {
        var (admin, _) = await Keys.CreateAsync("admin", ApiRole.Admin, expires: null, "os:ada");

        var refused = await Assert.ThrowsAsync<WrongStateException>(() => Keys.RevokeAsync(admin.Id, "os:ada", evenTheLast: false));
        Assert.Equal("wrong-state", refused.Code);
        await Keys.RevokeAsync(admin.Id, "os:ada", evenTheLast: true);

        Assert.NotNull(Assert.Single(await Keys.ListAsync()).Revoked);
    }

    [Fact]
    public async Task A_key_is_revoked_by_its_id_or_its_name_and_an_id_comes_first()
    {
        var (first, _) = await Keys.CreateAsync("first", ApiRole.Viewer, expires: null, "os:ada");
        await Keys.CreateAsync(first.Id, ApiRole.Viewer, expires: null, "os:eve");
        await Keys.CreateAsync("third", ApiRole.Viewer, expires: null, "os:ada");

        await Keys.RevokeAsync(first.Id, "os:ada", evenTheLast: false);
        await Keys.RevokeAsync("third", "os:ada", evenTheLast: false);

        Assert.Equal([first.Id], (await Keys.ListAsync()).Where(key => key.Revoked is null).Select(key => key.Name));
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => Keys.RevokeAsync("nobody", "os:ada", evenTheLast: true));
        Assert.Equal("key-not-found", unknown.Code);
    }
}
