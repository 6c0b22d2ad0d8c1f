using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Tests.Hosting;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task A_node_that_works_is_alive_and_ready()
    {
        await using var host = await StartAsync();

        await Eventually.HoldsAsync(async () => (await CheckAllAsync(host)).All(check => check.Result.Status == HealthStatus.Healthy), "the node is healthy");
        Assert.Equal(
            ["actorflow-cluster ready", "actorflow-live live", "actorflow-regions ready", "actorflow-store ready"],
            (await CheckAllAsync(host)).Select(check => $"{check.Name} {check.Tag}").Order());
    }

    [Fact]
    public async Task A_node_that_joins_no_cluster_is_alive_and_not_ready()
    {
        var host = await StartAsync(options => options.Cluster.SeedNodes = [$"akka.tcp://actorflow@127.0.0.1:{LoopbackPort.Free()}"]);
        try
        {
            Assert.Equal("healthy", await SaysAsync(host, LivenessHealthCheck.Name));
            Assert.Equal("The node has not joined a cluster.", await SaysAsync(host, ClusterHealthCheck.Name));
            Assert.Equal("The region of the runs knows no node with the role workflow.", await SaysAsync(host, RegionHealthCheck.Name));
            Assert.Equal("healthy", await SaysAsync(host, StoreHealthCheck.Name));
        }
        finally
        {
            await host.KillAsync();
        }
    }

    [Fact]
    public async Task A_node_that_leaves_is_not_ready_and_once_its_system_has_terminated_it_is_not_alive()
    {
        var host = await StartAsync();
        await Eventually.HoldsAsync(async () => await SaysAsync(host, ClusterHealthCheck.Name) == "healthy", "the node is up");

        await host.System.Terminate();

        Assert.Equal("The ActorSystem of the node has terminated.", await SaysAsync(host, LivenessHealthCheck.Name));
        Assert.NotEqual("healthy", await SaysAsync(host, ClusterHealthCheck.Name));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_region_that_does_not_answer_makes_the_node_not_ready()
    {
        await using var host = await StartAsync();
        var registry = host.Services.GetRequiredService<IReadOnlyActorRegistry>();
        var check = new RegionHealthCheck(registry, TimeSpan.FromMilliseconds(200));
        await Eventually.HoldsAsync(async () => (await check.CheckHealthAsync(ContextOf(host, RegionHealthCheck.Name))).Status == HealthStatus.Healthy, "the region answers");

        host.System.Stop(registry.Get<WorkflowRegion>());

        await Eventually.HoldsAsync(
            async () => (await check.CheckHealthAsync(ContextOf(host, RegionHealthCheck.Name))).Description == "The region of the runs did not answer within 0.2 s.",
            "the check says that the region is silent");
    }

    [Fact]
    public async Task A_node_without_a_region_is_not_ready()
    {
        await using var host = await StartAsync();

        var result = await new RegionHealthCheck(new ActorRegistry()).CheckHealthAsync(ContextOf(host, RegionHealthCheck.Name));

        Assert.Equal((HealthStatus.Unhealthy, "The region of the runs has not started."), (result.Status, result.Description));
    }

    [Fact]
    public async Task A_node_without_a_store_is_not_judged_by_one()
    {
        await using var holder = await StartAsync();
        await using var worker = await StartAsync(options =>
        {
            options.Cluster.Roles = [ClusterOptions.WorkerRole];
            options.Cluster.SeedNodes = [holder.Cluster.SelfAddress.ToString()];
        });

        await Eventually.HoldsAsync(
            async () => (await CheckAllAsync(worker)).All(check => check.Result.Status == HealthStatus.Healthy), "the worker is healthy");
    }

    private static Task<TestHost> StartAsync(Action<ActorFlowOptions>? configure = null) => TestHost.StartAsync("node", new(), options =>
    {
        options.Persistence.Journal = JournalKind.Memory;
        configure?.Invoke(options);
    });

    private static IEnumerable<HealthCheckRegistration> RegistrationsOf(TestHost host) =>
        host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;

    private static HealthCheckContext ContextOf(TestHost host, string name) =>
        new() { Registration = RegistrationsOf(host).Single(registration => registration.Name == name) };

    private static async Task<string> SaysAsync(TestHost host, string name)
    {
        var context = ContextOf(host, name);
        var result = await context.Registration.Factory(host.Services).CheckHealthAsync(context);
        return result.Status == HealthStatus.Healthy ? "healthy" : result.Description!;
    }

    private static async Task<List<(string Name, string Tag, HealthCheckResult Result)>> CheckAllAsync(TestHost host)
    {
        var results = new List<(string, string, HealthCheckResult)>();
        foreach (var registration in RegistrationsOf(host).Where(registration => registration.Name.StartsWith("actorflow-", StringComparison.Ordinal)))
        {
            var result = await registration.Factory(host.Services).CheckHealthAsync(new() { Registration = registration });
            results.Add((registration.Name, registration.Tags.Single(), result));
        }

        return results;
    }
}
