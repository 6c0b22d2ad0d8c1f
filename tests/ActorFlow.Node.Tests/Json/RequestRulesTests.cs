using System.Net;
using System.Text;
using ActorFlow.TestSupport;

namespace ActorFlow.Node.Tests.Json;

/// <summary>What requests mean that say little, much, or are given up.</summary>
public sealed class RequestRulesTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private RunningNode Node => fixture.Node;

    [Fact]
    public async Task Failure_112_no_body_is_null_for_a_signal_and_no_fields_for_a_verb()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"order","id":"empty"}""");
        var (paused, _, _) = await Node.SendAsync("POST", "/api/v1/workflows/empty/pause");
        var (resumed, _, _) = await Node.SendAsync("POST", "/api/v1/workflows/empty/resume", "{}");
        var (signalled, _, _) = await Node.SendAsync("POST", "/api/v1/workflows/empty/signals/paid");
        var (_, result, _) = await Node.SendAsync("GET", "/api/v1/workflows/empty/result?wait=30s");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent), (paused, resumed, signalled));
        Assert.Contains("\"output\":{\"paid\":null}", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12345678901234567890.12345678901234567890")]
    [InlineData("1e400")]
    [InlineData("9007199254740993")]
    public async Task Failure_113_numbers_keep_their_text(string number)
    {
        var (status, answer, _) = await Node.SendAsync("POST", "/api/v1/workflows", $$"""{"definition":"echo","input":{{number}},"wait":"30s"}""");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Contains($"\"output\":{number},", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"definition":"echo","id":"strict","input":{"a":1,"a":1}}""")]
    [InlineData("""{"definition":"echo","id":"strict","input":"\ud800"}""")]
    public async Task Failure_113_keys_twice_and_halves_of_characters_are_refused(string body)
    {
        var (status, answer, _) = await Node.SendAsync("POST", "/api/v1/workflows", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("\"code\":\"invalid-request\"", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Node.SendAsync("GET", "/api/v1/workflows/strict")).Status);
    }

    [Fact]
    public async Task Failure_114_who_hangs_up_ends_the_waiting_and_never_the_start()
    {
        using var hangUp = new CancellationTokenSource();
        using var body = new StringContent("""{"definition":"order","id":"hung-up","wait":"60s"}""", Encoding.UTF8, "application/json");
        var starting = Node.Http.PostAsync("/api/v1/workflows", body, hangUp.Token);
        await Eventually.HoldsAsync(
            async () => (await Node.SendAsync("GET", "/api/v1/workflows/hung-up")).Body.Contains("\"kind\":\"signal\"", StringComparison.Ordinal), "it waits for its signal");
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        await Node.SendAsync("POST", "/api/v1/workflows/hung-up/signals/paid", "1");
        var (_, result, _) = await Node.SendAsync("GET", "/api/v1/workflows/hung-up/result?wait=30s");

        Assert.Contains("\"status\":\"completed\"", result, StringComparison.Ordinal);
        Assert.Equal(["reserve", "ship"], Node.Tasks.Executions.Where(execution => execution.WorkflowId == "hung-up").Select(execution => execution.Path));
    }
}
