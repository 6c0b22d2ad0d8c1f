using System.Net;
using System.Text.Json;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Node.Tests.Security;

/// <summary>Who did what, asked from outside.</summary>
public sealed class AuditApiTests : IAsyncLifetime
{
    private RunningNode _node = null!;
    private string _admin = null!;
    private string _ada = null!;

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync();
        (_admin, _ada) = (await _node.KeyAsync("admin", ApiRole.Admin), await _node.KeyAsync("ada", ApiRole.Operator));
        await _node.Local.Definitions.RegisterAsync(Samples.Definitions);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Failure_93_commands_of_both_transports_are_recorded_without_what_they_carry()
    {
        await SendAsync(_ada, "POST", "/workflows", """{"definition":"order","id":"order-7","input":"hidden-input"}""", ("Idempotency-Key", "start-7"));
        await SendAsync(_ada, "POST", "/workflows/-/pause?id=order-7");
        await SendAsync(_ada, "POST", "/workflows/nobody%0A/resume");
        await SendAsync(_ada, "GET", "/workflows/order-7");
        await _node.Workflows.ResumeAsync(new() { Id = "order-7", CommandId = "resume-7" }, Metadata(_ada));
        await SendAsync(_ada, "POST", "/workflows/order-7/signals/paid", "\"hidden-payload\"");
        var started = await _node.Workflows.StartAsync(new() { Definition = "echo" }, Metadata(_ada));
        await _node.Definitions.RegisterAsync(new() { Content = "name: one\ntasks: { a: { uses: echo } }" }, Metadata(_ada));
        await Assert.ThrowsAsync<RpcException>(async () => await _node.Workflows.CancelAsync(new() { Id = "nobody" }, Metadata(_ada)));

        var (entries, text) = await ListAsync("?by=ada");

        Assert.Equal(
            [
                ("Workflows.Start", "order-7", "start-7", "ok"),
                ("Workflows.Pause", "order-7", null, "ok"),
                ("Workflows.Resume", "nobody\uFFFD", null, "workflow-not-found"),
                ("Workflows.Resume", "order-7", "resume-7", "ok"),
                ("Workflows.Signal", "order-7", null, "ok"),
                ("Workflows.Start", started.Id, null, "ok"),
                ("Definitions.Register", "one@1", null, "ok"),
                ("Workflows.Cancel", "nobody", null, "workflow-not-found"),
            ],
            entries.AsEnumerable().Reverse().Select(entry => (Text(entry, "operation"), Text(entry, "target"), Text(entry, "commandId"), Text(entry, "outcome"))));
        Assert.All(entries, entry => Assert.Equal(("ada", "operator"), (Text(entry, "by"), Text(entry, "role"))));
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_ada[20..], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_93_administration_is_recorded_before_and_after_without_the_key()
    {
        var (_, made, _) = await SendAsync(_admin, "POST", "/keys", """{"name":"ci","role":"viewer"}""", ("Idempotency-Key", "make-ci"));
        await SendAsync(_admin, "DELETE", "/keys/ci");
        await SendAsync(_ada, "POST", "/workflows", """{"definition":"echo","id":"gone","wait":"30s"}""");
        await SendAsync(_admin, "DELETE", "/workflows/gone");
        await SendAsync(_admin, "DELETE", "/workflows/nobody");

        var (entries, text) = await ListAsync("?by=admin");

        Assert.Equal(
            [
                ("Keys.Create", "ci", "intended"), ("Keys.Create", "ci", "ok"), ("Keys.Revoke", "ci", "intended"), ("Keys.Revoke", "ci", "ok"),
                ("Workflows.Purge", "gone", "intended"), ("Workflows.Purge", "gone", "ok"),
                ("Workflows.Purge", "nobody", "intended"), ("Workflows.Purge", "nobody", "workflow-not-found"),
            ],
            entries.AsEnumerable().Reverse().Select(entry => (Text(entry, "operation"), Text(entry, "target"), Text(entry, "outcome"))));
        Assert.Equal("make-ci", Text(entries[^1], "commandId"));
        Assert.DoesNotContain(JsonDocument.Parse(made).RootElement.GetProperty("text").GetString()![20..], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_93_refusals_at_the_door_are_recorded_by_key()
    {
        var trail = _node.Services.GetRequiredService<AuditTrail>();
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(_ada, "GET", "/audit");
            await SendAsync("junk", "GET", "/workflows");
            await Assert.ThrowsAsync<RpcException>(async () => await _node.Workflows.ListAsync(new(), Metadata($"af_{new string('0', 16)}_{new string('0', 64)}")));
        }

        trail.RecordRefusals();
        var (entries, _) = await ListAsync("");

        Assert.Equal(
            [("ada", "forbidden", 3), ($"af_{new string('0', 16)}@127.0.0.1", "unauthenticated", 3), ("anonymous@127.0.0.1", "unauthenticated", 3)],
            entries.Select(entry => (Text(entry, "by"), Text(entry, "outcome"), entry.GetProperty("count").GetInt32())).OrderBy(entry => entry.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_audit_is_paged_over_both_and_through_the_client()
    {
        using var client = WorkflowClient.Connect(new WorkflowClientOptions { Addresses = [_node.Http.BaseAddress!.ToString()], ApiKey = _admin });
        for (var i = 0; i < 5; i++)
        {
            await SendAsync(_ada, "POST", "/workflows", $$"""{"definition":"echo","id":"run-{{i}}"}""");
        }

        var (all, _) = await ListAsync("");
        var paged = new List<string?>();
        for (string? cursor = null, next = "?limit=2"; next is not null; next = cursor is null ? null : $"?limit=2&cursor={cursor}")
        {
            var (_, text, _) = await SendAsync(_admin, "GET", "/audit" + next);
            using var page = JsonDocument.Parse(text);
            paged.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(entry => Text(entry, "target")));
            cursor = page.RootElement.TryGetProperty("next", out var more) ? more.GetString() : null;
        }

        var overGrpc = new List<string?>();
        var response = new V1.ListAuditResponse();
        do
        {
            response = await client.Audit.ListAsync(new() { Limit = 2, Cursor = response.Next });
            overGrpc.AddRange(response.Items.Select(item => item.Target));
        }
        while (response.Next.Length > 0);

        Assert.Equal(["run-4", "run-3", "run-2", "run-1", "run-0"], all.Select(entry => Text(entry, "target")));
        Assert.Equal(all.Select(entry => Text(entry, "target")), paged);
        Assert.Equal(paged, overGrpc);
        Assert.Equal(["run-2"], (await ListAsync("?target=run-2")).Entries.Select(entry => Text(entry, "target")));
        Assert.Empty((await ListAsync("?until=2020-01-01T00:00:00Z")).Entries);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?cursor=junk")]
    [InlineData("?cursor=1.junk")]
    [InlineData("?cursor=99999999999999999999.00000000000000000000000000000000")]
    [InlineData("?cursor=9223372036854775807.00000000000000000000000000000000")]
    [InlineData("?since=yesterday")]
    [InlineData("?who=ada")]
    public async Task A_wrong_question_is_told_so(string query)
    {
        var (status, problem, _) = await SendAsync(_admin, "GET", "/audit" + query);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("invalid-request", problem, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Metadata Metadata(string key) => new() { { "authorization", $"Bearer {key}" } };

    private async Task<(List<JsonElement> Entries, string Text)> ListAsync(string query)
    {
        var (status, text, _) = await SendAsync(_admin, "GET", "/audit" + query);
        Assert.True(status == HttpStatusCode.OK, text);
        return ([.. JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray()], text);
    }

    private Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> SendAsync(
        string key, string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        _node.SendAsync(method, "/api/v1" + path, body, headers: [.. headers, ("Authorization", $"Bearer {key}")]);
}
