using System.Net;
using System.Text.Json;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Grpc.Core;

namespace ActorFlow.Node.Tests.Security;

/// <summary>Keys are kept through the API, by those who have the role <c>admin</c>.</summary>
public sealed class KeyApiTests : IAsyncLifetime
{
    private RunningNode _node = null!;
    private string _admin = null!;

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync();
        _admin = await _node.KeyAsync("admin", ApiRole.Admin);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_key_that_is_made_opens_the_door_at_once_and_is_shown_once()
    {
        var (status, made, _) = await SendAsync("POST", "/keys", """{"name":"ci","role":"viewer","expires":"90d"}""");
        using var document = JsonDocument.Parse(made);
        var text = document.RootElement.GetProperty("text").GetString()!;
        var (listed, list, _) = await SendAsync("GET", "/keys");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (status, listed));
        Assert.Equal(HttpStatusCode.OK, (await _node.SendAsync("GET", "/api/v1/workflows", headers: ("Authorization", $"Bearer {text}"))).Status);
        using var all = JsonDocument.Parse(list);
        var key = all.RootElement.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "ci");
        Assert.Equal(document.RootElement.GetProperty("id").GetString(), key.GetProperty("id").GetString());
        Assert.Equal(("viewer", "admin"), (key.GetProperty("role").GetString(), key.GetProperty("createdBy").GetString()));
        Assert.Equal(90, (key.GetProperty("expires").GetDateTimeOffset() - key.GetProperty("created").GetDateTimeOffset()).TotalDays);
        Assert.DoesNotContain(text[20..], list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_revoked_closes_the_door_at_once_and_may_be_revoked_again()
    {
        var (_, made, _) = await SendAsync("POST", "/keys", """{"name":"ci","role":"viewer"}""");
        using var document = JsonDocument.Parse(made);
        var (id, text) = (document.RootElement.GetProperty("id").GetString(), document.RootElement.GetProperty("text").GetString());

        var (first, _, _) = await SendAsync("DELETE", $"/keys/{id}");
        var (second, _, _) = await SendAsync("DELETE", $"/keys/{id}");
        var (unknown, problem, _) = await SendAsync("DELETE", "/keys/nobody");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (first, second, unknown));
        Assert.Contains("key-not-found", problem, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _node.SendAsync("GET", "/api/v1/workflows", headers: ("Authorization", $"Bearer {text}"))).Status);
    }

    [Fact]
    public async Task Failure_70_a_second_create_under_one_command_id_is_told_to_revoke_and_create()
    {
        var (first, _, _) = await SendAsync("POST", "/keys", """{"name":"ci","role":"viewer"}""", ("Idempotency-Key", "make-ci"));
        var (second, problem, _) = await SendAsync("POST", "/keys", """{"name":"ci","role":"viewer"}""", ("Idempotency-Key", "make-ci"));
        var overGrpc = await Assert.ThrowsAsync<RpcException>(async () => await Grpc.CreateAsync(
            new() { Name = "other", Role = "viewer", CommandId = "make-ci" }, Metadata()));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (first, second));
        Assert.Contains("wrong-state", problem, StringComparison.Ordinal);
        Assert.Contains("revoke it and create another", problem, StringComparison.Ordinal);
        Assert.Equal((StatusCode.FailedPrecondition, "wrong-state"), (overGrpc.StatusCode, overGrpc.Trailers.GetValue("actorflow-code")));
        Assert.Equal(["admin", "ci"], (await _node.Keys.ListAsync()).Select(key => key.Name));
    }

    [Fact]
    public async Task Failure_91_the_last_admin_key_goes_only_when_that_is_said()
    {
        var (refused, problem, _) = await SendAsync("DELETE", "/keys/admin");
        var (unclear, _, _) = await SendAsync("DELETE", "/keys/admin?last=yes");
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (refused, unclear));
        Assert.Contains("wrong-state", problem, StringComparison.Ordinal);

        var (gone, _, _) = await SendAsync("DELETE", "/keys/admin?last=true");

        Assert.Equal(HttpStatusCode.NoContent, gone);
        // The door does not open by it.
        Assert.Equal(HttpStatusCode.Unauthorized, (await _node.SendAsync("GET", "/api/v1/keys")).Status);
    }

    [Theory]
    [InlineData("""{"role":"viewer"}""", "invalid-request")]
    [InlineData("""{"name":"a"}""", "invalid-request")]
    [InlineData("""{"name":"a","role":"Viewer"}""", "invalid-request")]
    [InlineData("""{"name":"a","role":"none"}""", "invalid-request")]
    [InlineData("""{"name":"a","role":"worker"}""", "invalid-request")]
    [InlineData("""{"name":"a","role":"viewer","expires":"0s"}""", "invalid-request")]
    [InlineData("""{"name":"a","role":"viewer","expires":"soon"}""", "invalid-request")]
    [InlineData("""{"name":"a","role":"viewer","expires":"36501d"}""", "invalid-request")]
    [InlineData("""{"name":"a","role":"viewer","secret":"s"}""", "invalid-request")]
    [InlineData("""{"name":"a b","role":"viewer"}""", "bad-name")]
    [InlineData("""{"name":"","role":"viewer"}""", "bad-name")]
    public async Task A_key_that_cannot_be_is_not_made(string body, string code)
    {
        var (status, problem, _) = await SendAsync("POST", "/keys", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"\"{code}\"", problem, StringComparison.Ordinal);
        Assert.Equal("admin", Assert.Single(await _node.Keys.ListAsync()).Name);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict_over_both()
    {
        var (status, problem, _) = await SendAsync("POST", "/keys", """{"name":"admin","role":"viewer"}""");
        var overGrpc = await Assert.ThrowsAsync<RpcException>(async () => await Grpc.CreateAsync(new() { Name = "admin", Role = "viewer" }, Metadata()));

        Assert.Equal((HttpStatusCode.Conflict, "key-conflict"), (status, JsonDocument.Parse(problem).RootElement.GetProperty("code").GetString()));
        Assert.Equal((StatusCode.AlreadyExists, "key-conflict"), (overGrpc.StatusCode, overGrpc.Trailers.GetValue("actorflow-code")));
    }

    [Fact]
    public async Task The_command_keeps_keys_through_the_client()
    {
        using var client = WorkflowClient.Connect(new WorkflowClientOptions { Addresses = [_node.Http.BaseAddress!.ToString()], ApiKey = _admin });

        var made = await client.Keys.CreateAsync("ci", "operator", TimeSpan.FromDays(1));
        await client.Keys.RevokeAsync("ci", evenTheLast: false);
        var keys = await client.Keys.ListAsync();

        Assert.True(ApiKeyText.TryRead(made.Text, out var text));
        Assert.Equal([("admin", false), ("ci", true)], keys.Select(key => (key.Name, key.Revoked is not null)));
        Assert.Equal((text.Id, "admin", "admin"), (keys[1].Id, keys[1].CreatedBy, keys[1].RevokedBy));
        Assert.Equal(TimeSpan.FromDays(1), keys[1].Expires.ToDateTimeOffset() - keys[1].Created.ToDateTimeOffset());
        await Assert.ThrowsAsync<WrongStateException>(() => client.Keys.RevokeAsync("admin", evenTheLast: false));
    }

    private V1.Keys.KeysClient Grpc => new(_node.Channel);

    private Metadata Metadata() => new() { { "authorization", $"Bearer {_admin}" } };

    private Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> SendAsync(
        string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        _node.SendAsync(method, "/api/v1" + path, body, headers: [.. headers, ("Authorization", $"Bearer {_admin}")]);
}
