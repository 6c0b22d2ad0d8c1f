using System.Net;
using System.Text.Json;

namespace ActorFlow.Node.Tests.Json;

public sealed class WorkflowRoutesTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private RunningNode Node => fixture.Node;

    [Fact]
    public async Task A_run_is_started_read_signalled_and_its_result_awaited()
    {
        var (created, answer, _) = await Node.SendAsync(
            "POST", "/api/v1/workflows", """{"definition":"order","id":"json-1","input":{"n":7},"tags":{"customer":"7"}}""");
        var (again, repeated, _) = await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"order","id":"json-1","input":{ "n" : 7 }}""");
        var (open, waiting, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-1/result");
        var (signalled, nothing, _) = await Node.SendAsync("POST", "/api/v1/workflows/json-1/signals/paid", """{"amount":12}""");
        var (ended, result, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-1/result?wait=30s");
        var (_, described, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-1");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, answer), (created, again, repeated));
        var start = Read(answer);
        Assert.Equal(("json-1", "order", 1), (Text(start, "id"), Text(start, "definition"), start.GetProperty("version").GetInt32()));
        Assert.Matches("^[0-9a-f]{32}$", Text(start, "runId"));
        Assert.Equal((HttpStatusCode.Accepted, """{"id":"json-1"}"""), (open, waiting));
        Assert.Equal((HttpStatusCode.NoContent, string.Empty), (signalled, nothing));
        Assert.Equal(HttpStatusCode.OK, ended);
        Assert.Equal(("completed", """{"paid":{"amount":12}}"""), (Text(Read(result), "status"), Read(result).GetProperty("output").GetRawText()));
        Assert.Equal(("completed", "7"), (Text(Read(described), "status"), Text(Read(described).GetProperty("tags"), "customer")));
        Assert.Equal(["reserve", "ship"], Node.Tasks.Executions.Where(execution => execution.WorkflowId == "json-1").Select(execution => execution.Path));
    }

    [Fact]
    public async Task A_start_may_wait_for_its_result()
    {
        var (status, answer, _) = await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","input":[1,2],"wait":"30s"}""");
        var (failed, failure, _) = await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"fails","wait":"30s"}""");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (status, failed));
        Assert.Equal("[1,2]", Read(answer).GetProperty("result").GetProperty("output").GetRawText());
        var result = Read(failure).GetProperty("result");
        Assert.Equal(("failed", "never"), (Text(result, "status"), Text(result.GetProperty("failure"), "task")));
        Assert.Contains("refused", Text(result.GetProperty("failure"), "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_is_answered_in_the_name_of_the_caller()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"asks","id":"json-ask"}""");
        await WaitsForAsync("json-ask", "answer");

        var (missing, why, _) = await Node.SendAsync("POST", "/api/v1/workflows/json-ask/answers", """{"task":"well"}""");
        var (answered, _, _) = await Node.SendAsync("POST", "/api/v1/workflows/json-ask/answers/well", """{"value":true,"comment":"fine","claimedBy":"ann"}""");
        var (_, result, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-ask/result?wait=30s");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (missing, answered));
        Assert.Contains("value is missing", why, StringComparison.Ordinal);
        Assert.Contains("anonymous@127.0.0.1", Read(result).GetProperty("output").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_listed_in_pages_counted_and_filtered()
    {
        foreach (var i in Enumerable.Range(0, 5))
        {
            await Node.SendAsync("POST", "/api/v1/workflows", $$"""{ "definition": "echo", "id": "json-list-{{i}}", "tags": { "list": "a:b" } }""");
        }

        var found = new List<string>();
        for (var cursor = ""; ;)
        {
            var (status, body, _) = await Node.SendAsync("GET", $"/api/v1/workflows?tag=list:a:b&limit=2{cursor}");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.True(DateTimeOffset.UtcNow - Read(body).GetProperty("asOf").GetDateTimeOffset() < TimeSpan.FromMinutes(1));
            found.AddRange(Read(body).GetProperty("items").EnumerateArray().Select(item => Text(item, "id")));
            if (!Read(body).TryGetProperty("next", out var next))
            {
                break;
            }

            cursor = "&cursor=" + Uri.EscapeDataString(next.GetString()!);
        }

        var (_, counts, _) = await Node.SendAsync("GET", "/api/v1/workflow-counts?tag=list:a:b");
        Assert.Equal(["json-list-0", "json-list-1", "json-list-2", "json-list-3", "json-list-4"], found.Order());
        Assert.Equal(5, Read(counts).GetProperty("total").GetInt64());
    }

    // Failure rule 111: some proxies decode %2F, some swallow it.
    [Fact]
    public async Task Failure_111_a_child_is_found_under_its_escaped_id_and_by_parameter()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"parent","id":"json-parent"}""");
        await TestSupport.Eventually.HoldsAsync(
            async () => (await Node.SendAsync("GET", "/api/v1/workflows/json-parent%2Fchild")).Status == HttpStatusCode.OK, "the child is there");

        var (byPath, one, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-parent%2Fchild");
        var (byParameter, other, _) = await Node.SendAsync("GET", "/api/v1/workflows/-/?id=json-parent/child");
        var (history, _, _) = await Node.SendAsync("GET", "/api/v1/workflows/-/history?id=json-parent%2Fchild&limit=1");
        var (signalled, _, _) = await Node.SendAsync("POST", "/api/v1/workflows/-/signals/paid?id=json-parent/child", "1");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NoContent), (byPath, byParameter, history, signalled));
        Assert.Equal(("json-parent/child", "json-parent/child"), (Text(Read(one), "id"), Text(Read(other), "id")));
    }

    [Fact]
    public async Task A_run_is_paused_resumed_checkpointed_forked_cancelled_retried_and_purged()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"order","id":"json-turns"}""");
        await WaitsForAsync("json-turns", "signal");
        var statuses = new List<HttpStatusCode>();
        foreach (var (verb, body) in ((string, string?)[])
        [
            ("pause", null), ("resume", "{}"), ("checkpoints", """{"name":"here"}"""), ("fork", """{"from":"here","id":"json-fork"}"""),
            ("cancel", """{"reason":"enough"}"""),
        ])
        {
            statuses.Add((await Node.SendAsync("POST", $"/api/v1/workflows/json-turns/{verb}", body)).Status);
        }

        await Node.SendAsync("GET", "/api/v1/workflows/json-turns/result?wait=30s");
        var (listed, checkpoints, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-turns/checkpoints");
        var (shown, checkpoint, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-turns/checkpoints/here");
        var (purged, _, _) = await Node.SendAsync("DELETE", "/api/v1/workflows/json-turns");
        var (purgedAgain, _, _) = await Node.SendAsync("DELETE", "/api/v1/workflows/json-turns");
        var (gone, _, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-turns");
        var (open, why, _) = await Node.SendAsync("DELETE", "/api/v1/workflows/json-fork");

        Assert.Equal(
            [HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.Created, HttpStatusCode.NoContent], statuses);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (listed, shown));
        Assert.Contains("\"here\"", checkpoints, StringComparison.Ordinal);
        Assert.True(Read(checkpoint).TryGetProperty("checkpoint", out _));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (purged, purgedAgain, gone));
        Assert.Equal((HttpStatusCode.Conflict, "wrong-state"), (open, Text(Read(why), "code")));
    }

    [Fact]
    public async Task The_history_is_read_in_pages_whose_places_are_those_of_the_stream()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","id":"json-history","wait":"30s"}""");
        var (_, whole, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-history/history?limit=1000");
        var tokens = Read(whole).GetProperty("items").EnumerateArray().Select(item => Text(item, "token")).ToList();

        var (_, behind, _) = await Node.SendAsync("GET", $"/api/v1/workflows/json-history/history?from={tokens[0]}");
        var stream = await Node.Http.GetStringAsync("/api/v1/workflows/json-history/events");

        Assert.Equal(tokens.Skip(1), Read(behind).GetProperty("items").EnumerateArray().Select(item => Text(item, "token")));
        Assert.Equal(tokens, stream.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..]));
    }

    // Failure rule 73: an EventSource connects again for ever, unless it is told that there is nothing more.
    [Fact]
    public async Task Failure_73_resuming_at_the_end_of_a_closed_run_is_204()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","id":"json-end","wait":"30s"}""");
        var (_, whole, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-end/history?limit=1000");
        var last = Text(Read(whole).GetProperty("items").EnumerateArray().Last(), "token");

        var (atEnd, _, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-end/events", headers: ("Last-Event-ID", last));
        var (before, stream, _) = await Node.SendAsync(
            "GET", "/api/v1/workflows/json-end/events", headers: ("Last-Event-ID", Text(Read(whole).GetProperty("items")[0], "token")));

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.OK), (atEnd, before));
        Assert.Contains(last, stream, StringComparison.Ordinal);
    }

    // Failure rule 72: the place of an earlier run of that id is no place of this one.
    [Fact]
    public async Task Failure_72_a_place_of_another_run_begins_anew_and_says_so()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","id":"json-reset","wait":"30s"}""");

        var (_, stream, _) = await Node.SendAsync(
            "GET", "/api/v1/workflows/json-reset/events", headers: ("Last-Event-ID", $"{Guid.NewGuid():n}.1.0"));
        var (unknown, _, _) = await Node.SendAsync("GET", "/api/v1/workflows/json-nobody/events");

        Assert.Contains("event: reset\n", stream, StringComparison.Ordinal);
        Assert.Contains(".1.0\n", stream[stream.IndexOf("event: reset", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, unknown);
    }

    [Fact]
    public async Task A_run_is_followed_while_it_runs_and_the_stream_ends_with_it()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"order","id":"json-watch"}""");
        using var response = await Node.Http.GetAsync("/api/v1/workflows/json-watch/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(("text/event-stream", "no"), (response.Content.Headers.ContentType!.MediaType, response.Headers.GetValues("X-Accel-Buffering").Single()));

        await Node.SendAsync("POST", "/api/v1/workflows/json-watch/signals/paid", "1");
        var events = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(Text(Read(line[6..]), "event"));
            }
        }

        Assert.Equal(("run-started", "run-completed"), (events[0], events[^1]));
    }

    private static JsonElement Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private Task WaitsForAsync(string id, string kind) => TestSupport.Eventually.HoldsAsync(
        async () => (await Node.SendAsync("GET", $"/api/v1/workflows/{id}")).Body.Contains($"\"kind\":\"{kind}\",\"since\"", StringComparison.Ordinal), $"{id} waits for {kind}");
}
