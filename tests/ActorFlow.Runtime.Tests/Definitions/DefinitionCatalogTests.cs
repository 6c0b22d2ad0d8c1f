using ActorFlow.Core.Definitions;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Definitions;

public sealed class DefinitionCatalogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_registered_version_is_found_by_its_number_and_the_highest_without_one()
    {
        await using var host = await StartAsync();
        var catalog = CatalogOf(host);

        var second = await catalog.RegisterAsync(Order(2));
        var tenth = await catalog.RegisterAsync(Order(10));
        var first = await catalog.RegisterAsync(Order(1));

        Assert.Equal(Order(10).ToReference(), tenth);
        Assert.Equal(tenth, await catalog.ResolveAsync("order"));
        Assert.Equal(second, await catalog.ResolveAsync("order", 2));
        Assert.Equal(first, await catalog.ResolveAsync("order", 1));
        Assert.Null(await catalog.ResolveAsync("order", 3));
        Assert.Null(await catalog.ResolveAsync("refund"));
        Assert.Null(await catalog.ResolveAsync("No Name"));
        Assert.Equal([10, 2, 1], (await catalog.VersionsAsync("order")).Select(version => version.Version));
        Assert.Empty(await catalog.VersionsAsync("refund"));
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task The_same_content_again_changes_nothing_and_another_under_the_same_version_is_a_conflict()
    {
        await using var host = await StartAsync();
        var catalog = CatalogOf(host);
        var reference = await catalog.RegisterAsync(Order(1));
        var versions = await catalog.VersionsAsync("order");

        Assert.Equal(reference, await catalog.RegisterAsync(Order(1)));
        var error = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => catalog.RegisterAsync(Order(1, "changed")));

        Assert.Equal("definition-conflict", error.Code);
        Assert.Contains("order@1", error.Message, StringComparison.Ordinal);
        Assert.Equal(versions.AsEnumerable(), await catalog.VersionsAsync("order"));
        Assert.Equal(reference, await catalog.ResolveAsync("order"));
    }

    [Fact]
    public async Task The_list_holds_what_was_registered_and_nothing_that_was_only_kept_or_refused()
    {
        await using var host = await StartAsync();
        var catalog = CatalogOf(host);
        await host.Engine.KeepAsync(Order(7));
        await catalog.RegisterAsync(Order(1));
        await catalog.RegisterAsync(Order(2));
        await catalog.RegisterAsync(Order(1) with { Name = "another" });
        await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => catalog.RegisterAsync(Order(1, "changed")));

        var list = await catalog.ListAsync();

        Assert.Equal([("another", 1), ("order", 2), ("order", 1)], list.Select(version => (version.Name, version.Version)));
        Assert.Equal(Order(2).ToReference().Hash, list[1].Hash);
    }

    [Fact]
    public async Task Registered_versions_outlive_the_node()
    {
        DefinitionReference first;
        await using (var before = await StartAsync())
        {
            first = await CatalogOf(before).RegisterAsync(Order(1));
        }

        await using var after = await StartAsync();
        var catalog = CatalogOf(after);

        Assert.Equal(first, await catalog.ResolveAsync("order"));
        Assert.Equal(first, await catalog.RegisterAsync(Order(1)));
        await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => catalog.RegisterAsync(Order(1, "changed")));
        Assert.Single(await catalog.ListAsync());
        Assert.Empty(after.Log.Errors);
    }

    [Fact]
    public async Task Of_many_that_register_one_version_at_once_one_content_wins_for_all_nodes()
    {
        await using var cluster = new TestCluster();
        var hosts = await cluster.AddAsync(2);

        var attempts = await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            try
            {
                return await CatalogOf(hosts[n % 2]).RegisterAsync(Order(1, $"content {n % 5}"));
            }
            catch (WorkflowRefusedException refused) when (refused.Code == "definition-conflict")
            {
                return null;
            }
        }));

        var winner = Assert.Single(attempts.OfType<DefinitionReference>().Distinct());
        Assert.Equal(4, attempts.Count(reference => reference is not null));
        foreach (var host in hosts)
        {
            Assert.Equal(winner, await CatalogOf(host).ResolveAsync("order"));
            Assert.Equal(winner.Hash, Assert.Single(await CatalogOf(host).VersionsAsync("order")).Hash);
        }
    }

    [Fact]
    public async Task A_node_that_runs_tasks_only_finds_definitions_all_the_same()
    {
        await using var cluster = new TestCluster();
        var host = await cluster.AddAsync();
        var worker = await cluster.AddAsync(ClusterOptions.WorkerRole);

        var reference = await CatalogOf(worker).RegisterAsync(Order(1));

        Assert.Equal(reference, await CatalogOf(host).ResolveAsync("order"));
    }

    [Fact]
    public async Task What_a_failing_disk_kept_from_the_list_is_made_up_for_by_registering_again()
    {
        var disk = new DiskFaults();
        await using var store = disk.Open(new PersistenceOptions { DataDirectory = _directory.Path, RetryWindow = TimeSpan.FromMilliseconds(200) });
        await using var host = await TestHost.StartAsync("node", new(), store: store);
        var catalog = CatalogOf(host);
        var reference = await catalog.RegisterAsync(Order(1));
        disk.IsBroken = true;
        var error = await Record.ExceptionAsync(() => catalog.RegisterAsync(Order(2)));
        disk.IsBroken = false;

        Assert.NotNull(error);
        Assert.Equal(reference, await catalog.ResolveAsync("order"));
        Assert.Equal(Order(2).ToReference(), await catalog.RegisterAsync(Order(2)));
        Assert.Equal([2, 1], (await catalog.ListAsync()).Select(version => version.Version));
    }

    private static WorkflowDefinition Order(int version, string description = "first") =>
        Workflows.Definitions.Linear(1) with { Name = "order", Version = version, Description = description };

    private static DefinitionCatalog CatalogOf(TestHost host) => host.Services.GetRequiredService<DefinitionCatalog>();

    private Task<TestHost> StartAsync() =>
        TestHost.StartAsync("node", new(), options => options.Persistence.DataDirectory = _directory.Path);
}
