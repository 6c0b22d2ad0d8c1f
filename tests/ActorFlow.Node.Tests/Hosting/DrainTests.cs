using System.Net;

namespace ActorFlow.Node.Tests.Hosting;

public sealed class DrainTests
{
    // Failure rule 62: balancers must see that the node leaves while it still serves.
    [Fact]
    public async Task Failure_62_a_leaving_node_is_not_ready_first_still_serves_and_ends_waits_and_streams()
    {
        await using var node = await RunningNode.StartAsync(settings: ("ActorFlow:Api:DrainDelay", "2s"));
        await node.Local.Definitions.RegisterAsync(Samples.Definitions);
        await node.Local.StartAsync("order", options: new() { Id = "open" });
        await TestSupport.Eventually.HoldsAsync(async () => (await node.SendAsync("GET", "/health/ready")).Status == HttpStatusCode.OK, "the node is ready");
        var waiting = node.SendAsync("GET", "/api/v1/workflows/open/result?wait=60s");
        using var stream = await node.Http.GetAsync("/api/v1/workflows/open/events", HttpCompletionOption.ResponseHeadersRead);

        var stopping = node.StopAsync();
        await TestSupport.Eventually.HoldsAsync(async () => (await node.SendAsync("GET", "/health/ready")).Status == HttpStatusCode.ServiceUnavailable, "it is not ready");
        var (live, _, _) = await node.SendAsync("GET", "/health/live");
        var (served, _, _) = await node.SendAsync("GET", "/api/v1/workflows/open");
        var (ended, problem, _) = await waiting.WaitAsync(TestSupport.Eventually.Patience);
        var events = await stream.Content.ReadAsStringAsync().WaitAsync(TestSupport.Eventually.Patience);
        await stopping.WaitAsync(TestSupport.Eventually.Patience);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (live, served, ended));
        Assert.Contains("unavailable", problem, StringComparison.Ordinal);
        Assert.Contains("run-started", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_the_role_api_serves_health_and_metrics_only()
    {
        await using var node = await RunningNode.StartAsync(settings: ("ActorFlow:Cluster:Roles", "workflow,worker"));

        Assert.Equal(HttpStatusCode.OK, (await node.SendAsync("GET", "/health/live")).Status);
        Assert.Equal(HttpStatusCode.OK, (await node.SendAsync("GET", "/metrics")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await node.SendAsync("GET", "/api/v1/workflows")).Status);
    }
}
