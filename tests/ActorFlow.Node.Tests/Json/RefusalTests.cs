using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;

namespace ActorFlow.Node.Tests.Json;

/// <summary>Whatever is sent, each request gets its code and leaves nothing behind.</summary>
public sealed class RefusalTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private static readonly string Deep = new string('[', 200) + new string(']', 200);

    private RunningNode Node => fixture.Node;

    public static TheoryData<string, string, string?, int, string> Requests => new()
    {
        { "POST", "/workflows", null, 400, "invalid-request" },
        { "POST", "/workflows", "", 400, "invalid-request" },
        { "POST", "/workflows", "{", 400, "invalid-request" },
        { "POST", "/workflows", "[]", 400, "invalid-request" },
        { "POST", "/workflows", "null", 400, "invalid-request" },
        { "POST", "/workflows", "{}", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":7}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","definition":"order"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","inputs":1}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","input":{"a":1,"a":2}}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","input":"\ud800"}""", 400, "invalid-request" },
        { "POST", "/workflows", $$"""{"definition":"echo","input":{{Deep}}}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","tags":["a"]}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","tags":{"a":1}}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","id":"a b"}""", 400, "bad-id" },
        { "POST", "/workflows", """{"definition":"echo","id":""}""", 400, "bad-id" },
        { "POST", "/workflows", """{"definition":"echo","wait":"61s"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","wait":30}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","wait":"soon"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","delay":"later"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","delay":7}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","delay":"4000d"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","startAt":"tomorrow"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","startAt":"2030-01-31T12:00:00"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","startAt":"9000-01-31T12:00:00Z"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"echo","delay":"1s","startAt":"2030-01-31T12:00:00Z"}""", 400, "invalid-request" },
        { "POST", "/workflows", """{"definition":"nothing"}""", 404, "definition-not-found" },
        { "POST", "/workflows?wait=1s", """{"definition":"echo"}""", 400, "invalid-request" },
        { "GET", "/workflows?limit=0", null, 400, "invalid-request" },
        { "GET", "/workflows?limit=1001", null, 400, "invalid-request" },
        { "GET", "/workflows?limit=-1", null, 400, "invalid-request" },
        { "GET", "/workflows?limit=1&limit=2", null, 400, "invalid-request" },
        { "GET", "/workflows?cursor=junk", null, 400, "invalid-request" },
        { "GET", "/workflows?status=done", null, 400, "invalid-request" },
        { "GET", "/workflows?tag=novalue", null, 400, "invalid-request" },
        { "GET", "/workflows?tag=a:1&tag=a:2", null, 400, "invalid-request" },
        { "GET", "/workflows?since=yesterday", null, 400, "invalid-request" },
        { "GET", "/workflows?since=2026-01-31T12:00:00", null, 400, "invalid-request" },
        { "GET", "/workflows?definition=a@b@c", null, 400, "invalid-request" },
        { "GET", "/workflows?statuses=failed", null, 400, "invalid-request" },
        { "GET", "/workflow-counts?limit=1", null, 400, "invalid-request" },
        { "GET", "/workflows/nobody", null, 404, "workflow-not-found" },
        { "GET", "/workflows/nobody?wait=1s", null, 400, "invalid-request" },
        { "GET", "/workflows/%F0%9F", null, 404, "workflow-not-found" },
        { "GET", "/workflows/-/", null, 400, "invalid-request" },
        { "GET", "/workflows/-/?id=", null, 404, "workflow-not-found" },
        { "POST", "/workflows/-/pause?id=", null, 404, "workflow-not-found" },
        { "POST", "/workflows", """{"definition":"echo","id":".."}""", 400, "bad-id" },
        { "POST", "/workflows", """{"definition":"echo","tags":{"a b":"1"}}""", 400, "invalid-request" },
        { "GET", "/workflows/nobody/explanation", null, 404, "workflow-not-found" },
        { "GET", "/workflows/nobody/explanation?wait=1s", null, 400, "invalid-request" },
        { "GET", "/workflows/nobody/result", null, 404, "workflow-not-found" },
        { "GET", "/workflows/nobody/result?wait=61s", null, 400, "invalid-request" },
        { "GET", "/workflows/nobody/result?wait=1s", null, 404, "workflow-not-found" },
        { "GET", "/workflows/nobody/history", null, 404, "workflow-not-found" },
        { "GET", "/workflows/kept/history?from=1", null, 400, "invalid-request" },
        { "GET", "/workflows/kept/history?limit=1001", null, 400, "invalid-request" },
        { "GET", "/workflows/nobody/events", null, 404, "workflow-not-found" },
        { "GET", "/workflows/kept/events?from=1", null, 400, "invalid-request" },
        { "GET", "/workflows/nobody/checkpoints", null, 404, "workflow-not-found" },
        { "GET", "/workflows/kept/checkpoints/never", null, 404, "checkpoint-not-found" },
        { "POST", "/workflows/nobody/signals/paid", null, 404, "workflow-not-found" },
        { "POST", "/workflows/kept/signals/other", "1", 400, "invalid-signal" },
        { "POST", "/workflows/kept/signals/paid", "{", 400, "invalid-request" },
        { "POST", "/workflows/kept/signals/paid", """{"a":1,"a":1}""", 400, "invalid-request" },
        { "POST", "/workflows/nobody/answers", """{"task":"a","value":1}""", 404, "workflow-not-found" },
        { "POST", "/workflows/kept/answers", """{"value":1}""", 400, "invalid-request" },
        { "POST", "/workflows/kept/answers", """{"task":"nowhere","value":1}""", 404, "task-not-found" },
        { "POST", "/workflows/kept/answers", """{"task":"payment","value":1}""", 404, "task-not-found" },
        { "POST", "/workflows/nobody/pause", null, 404, "workflow-not-found" },
        { "POST", "/workflows/kept/pause", """{"why":1}""", 400, "invalid-request" },
        { "POST", "/workflows/kept/resume", null, 409, "wrong-state" },
        { "POST", "/workflows/ended/cancel", null, 409, "closed" },
        { "POST", "/workflows/ended/terminate", null, 409, "closed" },
        { "POST", "/workflows/kept/retry", null, 409, "wrong-state" },
        { "POST", "/workflows/kept/rewind", null, 400, "invalid-request" },
        { "POST", "/workflows/kept/rewind", """{"to":"never"}""", 404, "checkpoint-not-found" },
        { "POST", "/workflows/kept/fork", """{"from":"never"}""", 404, "checkpoint-not-found" },
        { "POST", "/workflows/kept/checkpoints", """{"name":""}""", 400, "bad-name" },
        { "DELETE", "/workflows/nobody", null, 404, "workflow-not-found" },
        { "DELETE", "/workflows/kept", null, 409, "wrong-state" },
        { "GET", "/definitions/nothing", null, 404, "definition-not-found" },
        { "GET", "/definitions/echo/2", null, 404, "definition-not-found" },
        { "GET", "/definitions/echo/x", null, 404, "definition-not-found" },
        { "GET", "/definitions/echo/1/graph?format=png", null, 400, "invalid-request" },
        { "GET", "/events?status=done", null, 400, "invalid-request" },
        { "GET", "/nothing", null, 404, "invalid-request" },
        { "PUT", "/workflows", "{}", 405, "invalid-request" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_is_wrong_gets_its_code_and_changes_nothing(string method, string path, string? body, int status, string code)
    {
        await KeptAsync();
        var before = await StateAsync();

        var (actual, problem, response) = await Node.SendAsync(method, "/api/v1" + path, body);

        Assert.Equal((status, "application/problem+json"), ((int)actual, response.Content.Headers.ContentType?.MediaType));
        using var document = JsonDocument.Parse(problem);
        Assert.Equal((code, status), (document.RootElement.GetProperty("code").GetString(), document.RootElement.GetProperty("status").GetInt32()));
        var detail = document.RootElement.GetProperty("detail").GetString()!;
        Assert.DoesNotContain('\n', detail);
        Assert.DoesNotContain("   at ", detail, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("")]
    public async Task A_body_that_is_not_JSON_is_415(string mediaType)
    {
        var (status, problem, _) = await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo"}""", mediaType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("application/json", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_4_MiB_is_413_whether_its_length_is_told_or_not()
    {
        var large = $$"""{"definition":"echo","input":"{{new string('x', 4 << 20)}}"}""";
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/v1/workflows") { Content = new StringContent(large, null, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;

        var (told, problem, _) = await Node.SendAsync("POST", "/api/v1/workflows", large, headers: ("Expect", "100-continue"));
        using var response = await Node.Http.SendAsync(chunked);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge), (told, response.StatusCode));
        Assert.Contains("payload-too-large", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    public async Task A_command_id_of_other_characters_is_refused(string id)
    {
        var (status, problem, _) = await Node.SendAsync(
            "POST", "/api/v1/workflows", """{"definition":"echo"}""", headers: ("Idempotency-Key", id));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("invalid-request", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_gRPC_a_refusal_has_its_status_and_its_code_in_a_trailer()
    {
        await KeptAsync();
        await RefusedAsync(StatusCode.NotFound, "workflow-not-found", () => Node.Workflows.GetAsync(new() { Id = "nobody" }));
        await RefusedAsync(StatusCode.NotFound, "definition-not-found", () => Node.Workflows.StartAsync(new()));
        await RefusedAsync(StatusCode.InvalidArgument, "bad-id", () => Node.Workflows.StartAsync(new() { Definition = "echo", Id = "a b" }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Workflows.StartAsync(
            new() { Definition = "echo", Input = ByteString.CopyFromUtf8("{") }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Workflows.StartAsync(
            new() { Definition = "echo", Input = ByteString.CopyFrom(0xFF, 0xFE) }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Workflows.ResultAsync(
            new() { Id = "kept", Wait = new() { Seconds = 61 } }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Workflows.ResultAsync(
            new() { Id = "kept", Wait = new() { Seconds = long.MaxValue } }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Workflows.ListAsync(
            new() { Filter = new() { Status = { (V1.WorkflowStatus)99 } } }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Workflows.ListAsync(
            new() { Filter = new() { Since = new() { Seconds = long.MaxValue } } }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Workflows.AnswerAsync(new() { Id = "kept", Task = "payment" }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-signal", () => Node.Workflows.SignalAsync(new() { Id = "kept", Name = "other" }));
        await RefusedAsync(StatusCode.FailedPrecondition, "wrong-state", () => Node.Workflows.ResumeAsync(new() { Id = "kept" }));
        await RefusedAsync(StatusCode.AlreadyExists, "id-conflict", () => Node.Workflows.StartAsync(new() { Definition = "echo", Id = "kept" }));
        await RefusedAsync(StatusCode.InvalidArgument, "definition-invalid", () => Node.Definitions.RegisterAsync(new() { Content = "name: [" }));
        await RefusedAsync(StatusCode.InvalidArgument, "invalid-request", () => Node.Definitions.RegisterAsync(new() { Content = "name: a", MediaType = "text/plain" }));

        static async Task RefusedAsync<T>(StatusCode status, string code, Func<AsyncUnaryCall<T>> call)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
            Assert.Equal((status, code), (refused.StatusCode, refused.Trailers.GetValue("actorflow-code")));
            Assert.DoesNotContain("   at ", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    private async Task KeptAsync()
    {
        var kept = await Node.Local.StartAsync("order", options: new() { Id = "kept" });
        await (await Node.Local.StartAsync("echo", options: new() { Id = "ended" })).WaitForResultAsync();
        await TestSupport.Eventually.HoldsAsync(
            async () => (await kept.DescribeAsync()).Waits.Any(wait => wait.Kind == WaitKind.Signal), "it waits");
    }

    private async Task<string> StateAsync()
    {
        var kept = await Node.Local.HistoryAsync("kept", limit: 1_000);
        var ended = await Node.Local.HistoryAsync("ended", limit: 1_000);
        var counts = await Node.Local.CountAsync();
        return $"{kept.Next} {ended.Next} {counts.Values.Sum()} {(await Node.Local.Definitions.ListAsync()).Length}";
    }
}
