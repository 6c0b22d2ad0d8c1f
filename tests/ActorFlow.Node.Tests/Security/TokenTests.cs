using System.Net;
using ActorFlow.Node.Api;
using ActorFlow.Node.Hosting;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Tests.Security;

/// <summary>Callers with tokens of an identity provider.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private IdentityProvider _provider = null!;
    private RunningNode _node = null!;

    public async Task InitializeAsync()
    {
        _provider = await IdentityProvider.StartAsync();
        _node = await RunningNode.StartAsync(settings:
            [("ActorFlow:Auth:Authority", _provider.Authority), ("ActorFlow:Auth:Audience", IdentityProvider.Audience)]);
        await _node.Local.Definitions.RegisterAsync(Samples.Definitions);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Failure_94_a_token_is_who_it_names_with_the_highest_of_its_roles()
    {
        var operators = _provider.Token(claims: [("preferred_username", "ada"), ("roles", new[] { "viewer", "operator", "else" })]);
        var run = await _node.Local.StartAsync("asks");
        await TestSupport.Eventually.HoldsAsync(async () => (await run.DescribeAsync()).Waits.Any(wait => wait.Kind == WaitKind.Answer), "it asks");

        var (status, problem, _) = await SendAsync(operators, "POST", $"/workflows/{run.Id}/answers", """{"task":"well","value":true}""");
        var (forbidden, _, _) = await SendAsync(operators, "GET", "/keys");

        Assert.True(status == HttpStatusCode.NoContent, problem);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden);
        await run.WaitForResultAsync();
        Assert.Contains((await run.HistoryAsync(limit: 1_000)).Items, item => item.Text.Contains("jwt:ada", StringComparison.Ordinal));
    }

    public static TheoryData<string> Wrong => new()
    {
        "forged", "unsigned", "signed with the public key", "other audience", "other issuer", "expired", "not yet valid", "without end", "nobody", "cut", "junk", "a.b.c",
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_token_that_does_not_count_is_refused_over_both(string wrong)
    {
        var token = TokenOf(wrong);

        var (status, problem, response) = await SendAsync(token, "GET", "/workflows");
        var overGrpc = await Assert.ThrowsAsync<RpcException>(async () => await _node.Workflows.ListAsync(new(), new Metadata { { "authorization", $"Bearer {token}" } }));

        Assert.True(status == HttpStatusCode.Unauthorized, problem);
        Assert.Contains("\"unauthenticated\"", problem, StringComparison.Ordinal);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal((StatusCode.Unauthenticated, "unauthenticated"), (overGrpc.StatusCode, overGrpc.Trailers.GetValue("actorflow-code")));
    }

    [Fact]
    public async Task With_an_authority_loopback_needs_a_token_or_a_key()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _node.SendAsync("GET", "/api/v1/workflows")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(_provider.Token(), "GET", "/workflows")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(await _node.KeyAsync("ci", ApiRole.Viewer), "GET", "/workflows")).Status);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("Admin")]
    [InlineData("")]
    public async Task A_token_without_a_role_that_is_known_may_nothing(string role) =>
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(_provider.Token(claims: ("roles", role)), "GET", "/workflows")).Status);

    [Fact]
    public async Task Failure_78_a_stream_ends_with_its_token()
    {
        await _node.Local.StartAsync("order", options: new() { Id = "open" });
        var token = _provider.Token(descriptor => descriptor.Expires = DateTime.UtcNow.AddSeconds(3));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/workflows/open/events");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var stream = await _node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        var events = await stream.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("event: unauthenticated", events, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(token, "GET", "/workflows")).Status);
    }

    // Nobody is told that a token is wrong that could not be checked.
    [Fact]
    public async Task A_provider_that_is_away_is_unavailable()
    {
        _provider.IsAway = true;

        var (status, problem, response) = await SendAsync(_provider.Token(), "GET", "/workflows");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"unavailable\"", problem, StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Failure_91_with_an_authority_a_node_may_listen_everywhere()
    {
        await using var node = await RunningNode.StartAsync(settings:
            [("ActorFlow:Auth:Authority", _provider.Authority), ("ActorFlow:Auth:Audience", IdentityProvider.Audience), ("ActorFlow:Api:Address", "0.0.0.0:0")]);

        Assert.NotNull(node.Http.BaseAddress);
    }

    [Theory]
    [InlineData("http://login.example", "actorflow", "ActorFlow:Auth:Authority")]
    [InlineData("login.example", "actorflow", "ActorFlow:Auth:Authority")]
    [InlineData("https://login.example", "", "ActorFlow:Auth:Audience")]
    [InlineData("", "actorflow", "ActorFlow:Auth:Audience")]
    public void Settings_that_would_let_in_the_wrong_ones_stop_the_start(string authority, string audience, string key)
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => NodeHost.Build(RunningNode.Configuration(
            settings: [("ActorFlow:Auth:Authority", authority), ("ActorFlow:Auth:Audience", audience)])));

        Assert.StartsWith(key, Assert.Single(wrong.Failures), StringComparison.Ordinal);
    }

    private string TokenOf(string wrong) => wrong switch
    {
        "forged" => _provider.Token(isForged: true),
        "unsigned" => _provider.Unsigned(),
        "signed with the public key" => _provider.SignedWithPublicKey(),
        "other audience" => _provider.Token(token => token.Audience = "other"),
        "other issuer" => _provider.Token(token => token.Issuer = "https://evil.example"),
        "expired" => _provider.Token(token => token.Expires = DateTime.UtcNow.AddSeconds(-1)),
        "not yet valid" => _provider.Token(token => token.NotBefore = DateTime.UtcNow.AddMinutes(3)),
        "without end" => _provider.Token(token => token.Expires = null),
        "nobody" => _provider.Token(claims: ("sub", "")),
        "cut" => _provider.Token()[..^4],
        _ => wrong,
    };

    private Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> SendAsync(string token, string method, string path, string? body = null) =>
        _node.SendAsync(method, "/api/v1" + path, body, headers: ("Authorization", $"Bearer {token}"));
}
