using System.Net;
using System.Text.Json;
using ActorFlow.Node.Api;
using ActorFlow.Node.Hosting;
using ActorFlow.TestSupport;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Tests.Security;

/// <summary>A node with keys, seen from outside.</summary>
public sealed class AccessTests
{
    private static readonly TimeSpan Effective = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Failure_90_once_a_key_exists_loopback_needs_one_too()
    {
        await using var node = await NodeAsync();
        Assert.Equal(HttpStatusCode.OK, (await node.SendAsync("GET", "/api/v1/workflows")).Status);
        using var stream = await node.Http.GetAsync("/api/v1/workflows/open/events", HttpCompletionOption.ResponseHeadersRead);

        var key = await node.KeyAsync("viewer", ApiRole.Viewer);

        var (status, problem, response) = await node.SendAsync("GET", "/api/v1/workflows");
        var overGrpc = await Assert.ThrowsAsync<RpcException>(async () => await node.Workflows.ListAsync(new()));
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (status, response.Headers.WwwAuthenticate.ToString()));
        Assert.Contains("unauthenticated", problem, StringComparison.Ordinal);
        Assert.Equal((StatusCode.Unauthenticated, "unauthenticated"), (overGrpc.StatusCode, overGrpc.Trailers.GetValue("actorflow-code")));
        Assert.EndsWith("event: unauthenticated", await EventsAsync(stream), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await node.SendAsync("GET", "/api/v1/workflows", headers: Bearer(key))).Status);
        await node.Workflows.ListAsync(new(), Metadata(key));
    }

    [Fact]
    public async Task What_is_open_stays_open_without_a_key()
    {
        await using var node = await NodeAsync();
        await node.KeyAsync("viewer", ApiRole.Viewer);

        foreach (var path in (string[])["/health/live", "/health/ready", "/metrics", "/openapi/v1.json", "/docs", "/api/v1/info"])
        {
            var (status, _, _) = await node.SendAsync("GET", path, headers: Bearer("junk"));
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{path}: {status}");
        }
    }

    [Fact]
    public async Task Failure_90_behind_a_proxy_a_key_is_enough()
    {
        await using var node = await NodeAsync();
        var key = await node.KeyAsync("viewer", ApiRole.Viewer);

        var (status, _, _) = await node.SendAsync("GET", "/api/v1/workflows", headers: [Bearer(key), ("X-Forwarded-For", "192.0.2.1"), ("Host", "flow.example")]);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_key_counts_in_the_header_only_and_once()
    {
        await using var node = await NodeAsync();
        var key = await node.KeyAsync("viewer", ApiRole.Viewer);

        foreach (var name in (string[])["access_token", "api_key", "key", "authorization", "token"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await node.SendAsync("GET", $"/api/v1/workflows?{name}={key}")).Status);
        }

        foreach (var value in (string[])[key, $"Basic {key}", $"Bearer {key} {key}", $"Bearer {key}x", "Bearer", "Bearer ", $"Bearer {new string('a', 20_000)}"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await node.SendAsync("GET", "/api/v1/workflows", headers: ("Authorization", value))).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await node.SendAsync("GET", "/api/v1/workflows", headers: [Bearer(key), Bearer(key)])).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await node.SendAsync("GET", "/api/v1/workflows", headers: ("X-Api-Key", key))).Status);
        Assert.Equal(HttpStatusCode.OK, (await node.SendAsync("GET", "/api/v1/workflows", headers: ("authorization", $"bearer {key}"))).Status);
    }

    [Fact]
    public async Task Failure_94_an_answer_is_given_in_the_name_of_the_key()
    {
        await using var node = await NodeAsync();
        var key = await node.KeyAsync("ada.l", ApiRole.Operator);
        var run = await node.Local.StartAsync("asks");
        await Eventually.HoldsAsync(async () => (await run.DescribeAsync()).Waits.Any(wait => wait.Kind == WaitKind.Answer), "it asks");

        var (status, problem, _) = await node.SendAsync(
            "POST", $"/api/v1/workflows/{run.Id}/answers", """{"task":"well","value":true,"claimedBy":"eve"}""", headers: Bearer(key));

        Assert.True(status == HttpStatusCode.NoContent, problem);
        await run.WaitForResultAsync();
        var history = JsonSerializer.Serialize((await run.HistoryAsync(limit: 1_000)).Items.Select(item => item.Text));
        Assert.Contains("ada.l", history, StringComparison.Ordinal);
    }

    // The store is told by another node: this one finds out by itself.
    [Fact]
    public async Task Failure_92_open_streams_and_waits_of_a_revoked_key_end_within_5_seconds()
    {
        await using var node = await NodeAsync();
        await node.KeyAsync("admin", ApiRole.Admin);
        var key = await node.KeyAsync("reader", ApiRole.Viewer);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/workflows/open/events");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var events = await node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var watch = node.Workflows.WatchAll(new(), Metadata(key));
        var change = watch.ResponseStream.MoveNext(default);
        var wait = node.SendAsync("GET", "/api/v1/workflows/open/result?wait=60s", headers: Bearer(key));

        await node.Keys.RevokeAsync("reader", "os:test", evenTheLast: false);

        Assert.EndsWith("event: unauthenticated", await EventsAsync(events).WaitAsync(Effective), StringComparison.Ordinal);
        var ended = await Assert.ThrowsAsync<RpcException>(() => change.WaitAsync(Effective));
        Assert.Equal((StatusCode.Unauthenticated, "unauthenticated"), (ended.StatusCode, ended.Trailers.GetValue("actorflow-code")));
        var (status, _, _) = await wait.WaitAsync(Effective);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await node.SendAsync("GET", "/api/v1/workflows", headers: Bearer(key))).Status);
    }

    [Theory]
    [InlineData("ActorFlow:Api:Address", "0.0.0.0:0")]
    [InlineData("ActorFlow:Api:Address", "*:0")]
    [InlineData("ActorFlow:Api:GrpcAddress", "[::]:0")]
    [InlineData("ActorFlow:Api:GrpcAddress", "192.0.2.1:0")]
    public async Task Failure_91_without_a_key_a_node_that_others_can_reach_does_not_start(string setting, string address)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningNode.StartAsync(settings: (setting, address)));

        var line = Assert.Single(wrong.Failures);
        Assert.StartsWith($"{setting} is {address}, which others can reach", line, StringComparison.Ordinal);
        Assert.Contains("actorflow key create", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public async Task Failure_91_with_a_key_in_its_store_it_starts_and_needs_it()
    {
        var directory = Directory.CreateTempSubdirectory("actorflow-door-").FullName;
        try
        {
            string key;
            await using (var closed = await RunningNode.StartAsync(directory))
            {
                key = await closed.KeyAsync("admin", ApiRole.Admin);
            }

            await using var node = await RunningNode.StartAsync(
                directory, [("ActorFlow:Api:Address", "0.0.0.0:0"), ("ActorFlow:Api:GrpcAddress", "0.0.0.0:0")]);
            using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{node.Http.BaseAddress!.Port}") };

            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/v1/workflows")).StatusCode);
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/workflows")).StatusCode);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Nothing behind a door is served there.
    [Fact]
    public async Task A_node_without_the_API_may_be_asked_for_its_health_by_all()
    {
        await using var node = await RunningNode.StartAsync(settings:
            [("ActorFlow:Cluster:Roles", "workflow,worker"), ("ActorFlow:Api:Address", "0.0.0.0:0"), ("ActorFlow:Api:GrpcAddress", "0.0.0.0:0")]);

        Assert.NotNull(node.Http.BaseAddress);
    }

    [Fact]
    public void A_node_that_serves_the_API_and_has_no_store_needs_a_database_for_the_keys()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => NodeHost.Build(RunningNode.Configuration(settings: ("ActorFlow:Cluster:Roles", "api"))));

        Assert.Contains("ConnectionString", Assert.Single(wrong.Failures), StringComparison.Ordinal);
    }

    // The client of applications sends what the door reads.
    [Fact]
    public async Task The_client_signs_in_with_its_key()
    {
        await using var node = await NodeAsync();
        var key = await node.KeyAsync("app", ApiRole.Operator);
        using var client = WorkflowClient.Connect(new WorkflowClientOptions { Addresses = [node.Http.BaseAddress!.ToString()], ApiKey = key });
        using var stranger = WorkflowClient.Connect(node.Http.BaseAddress!.ToString());

        var result = await (await client.StartAsync("echo", "hello")).WaitForResultAsync();

        Assert.Equal(WorkflowStatus.Completed, result.Status);
        var refused = await Assert.ThrowsAsync<AccessDeniedException>(() => stranger.DescribeAsync("open"));
        Assert.Equal("unauthenticated", refused.Code);
        var forbidden = await Assert.ThrowsAsync<AccessDeniedException>(() => client.PurgeAsync(result.Id));
        Assert.Equal("forbidden", forbidden.Code);
    }

    private static (string Name, string Value) Bearer(string key) => ("Authorization", $"Bearer {key}");

    private static Metadata Metadata(string key) => new() { { "authorization", $"Bearer {key}" } };

    private static async Task<RunningNode> NodeAsync()
    {
        var node = await RunningNode.StartAsync();
        await node.Local.Definitions.RegisterAsync(Samples.Definitions);
        await node.Local.StartAsync("order", options: new() { Id = "open" });
        return node;
    }

    /// <summary>What a stream of events says, up to the name of its last one.</summary>
    private static async Task<string> EventsAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return text[..text.LastIndexOf("\ndata: ", StringComparison.Ordinal)];
    }
}
