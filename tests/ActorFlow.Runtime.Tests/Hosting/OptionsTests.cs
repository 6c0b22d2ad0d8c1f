using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Tests.Hosting;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<ActorFlowOptions>> OutOfRange => new()
    {
        { "Cluster:SystemName", options => options.Cluster.SystemName = "my node" },
        { "Cluster:SystemName", options => options.Cluster.SystemName = "" },
        { "Cluster:Host", options => options.Cluster.Host = " " },
        { "Cluster:Port", options => options.Cluster.Port = -1 },
        { "Cluster:Port", options => options.Cluster.Port = 65_536 },
        { "Cluster:Roles", options => options.Cluster.Roles = ["wroker"] },
        { "Cluster:Roles", options => options.Cluster.Roles = [] },
        { "Cluster:SeedNodes", options => options.Cluster.SeedNodes = ["localhost:4053"] },
        { "Persistence:DataDirectory", options => options.Persistence.DataDirectory = "" },
        { "Persistence:Journal", options => options.Persistence.Journal = (JournalKind)9 },
        { "Persistence:Synchronous", options => options.Persistence.Synchronous = (SqliteSynchronous)9 },
        { "Persistence:CallTimeout", options => options.Persistence.CallTimeout = TimeSpan.FromMilliseconds(99) },
        { "Persistence:CallTimeout", options => options.Persistence.CallTimeout = TimeSpan.FromMinutes(11) },
        { "Persistence:RetryWindow", options => options.Persistence.RetryWindow = TimeSpan.FromSeconds(61) },
        { "Worker:Slots", options => options.Worker.Slots["default"] = 0 },
        { "Worker:Grace", options => options.Worker.Grace = TimeSpan.FromSeconds(-1) },
        { "Worker:InventoryInterval", options => options.Worker.InventoryInterval = TimeSpan.FromSeconds(6) },
        { "Worker:InventoryInterval", options => options.Worker.InventoryInterval = TimeSpan.Zero },
        { "Worker:PayloadLimit", options => options.Worker.PayloadLimit = 0 },
        { "Worker:MessageLimit", options => options.Worker.MessageLimit = 99 },
        { "Worker:UnacknowledgedLimit", options => options.Worker.UnacknowledgedLimit = 0 },
        { "Worker:UnacknowledgedBytes", options => options.Worker.UnacknowledgedBytes = 0 },
        { "Queues:Capacity", options => options.Queues.Capacity = 0 },
        { "Queues:CapacityPerKey", options => options.Queues.CapacityPerKey = 0 },
        { "Queues:UnroutableCapacity", options => options.Queues.UnroutableCapacity = 0 },
        { "Queues:WaitPerLevel", options => options.Queues.WaitPerLevel = TimeSpan.Zero },
        { "Queues:Grace", options => options.Queues.Grace = TimeSpan.FromSeconds(9) },
        { "Worker:Grace", options => options.Worker.Grace = options.Queues.Grace = TimeSpan.FromDays(2) },
        { "Queues:Backstop", options => options.Queues.Backstop = TimeSpan.FromSeconds(-1) },
        { "Queues:HostReturn", options => options.Queues.HostReturn = TimeSpan.FromSeconds(-1) },
        { "Queues:InventoryWait", options => options.Queues.InventoryWait = TimeSpan.FromSeconds(-1) },
        { "Persistence:Writers", options => options.Persistence.Writers = 17 },
        { "Retention", options => options.Retention = TimeSpan.FromSeconds(-1) },
        { "Index:WakeUpInterval", options => options.Index.WakeUpInterval = TimeSpan.Zero },
        { "Index:WakeUpInterval", options => options.Index.WakeUpInterval = TimeSpan.FromMinutes(2) },
        { "Index:PurgeInterval", options => options.Index.PurgeInterval = TimeSpan.Zero },
        { "Index:PurgeInterval", options => options.Index.PurgeInterval = TimeSpan.FromDays(2) },
        { "Hocon", options => options.Hocon = "akka.actor = ${nowhere}" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_value_out_of_range_stops_the_start_and_is_named(string key, Action<ActorFlowOptions> spoil)
    {
        var error = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddActorFlow(spoil));

        var line = error.Failures.First();
        Assert.StartsWith($"ActorFlow:{key}", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddActorFlow(options =>
        {
            options.Cluster.Port = -1;
            options.Persistence.CallTimeout = TimeSpan.Zero;
            options.Worker.PayloadLimit = 0;
        }));

        Assert.Equal(4, error.Failures.Count());
    }

    [Fact]
    public void The_defaults_are_in_range() => new ServiceCollection().AddActorFlow();

    [Fact]
    public void A_second_node_in_one_application_is_refused()
    {
        var services = new ServiceCollection();
        services.AddActorFlow();

        Assert.Throws<InvalidOperationException>(() => services.AddActorFlow());
    }

    [Fact]
    public void What_the_application_configures_later_applies_and_is_checked_as_well()
    {
        var services = new ServiceCollection();
        services.AddActorFlow(options => options.Worker.MessageLimit = 200);
        services.Configure<ActorFlowOptions>(options => options.Persistence.Writers = 4);
        using var good = services.BuildServiceProvider();
        services.PostConfigure<ActorFlowOptions>(options => options.Cluster.Port = -1);
        using var bad = services.BuildServiceProvider();

        var options = good.GetRequiredService<IOptions<ActorFlowOptions>>().Value;
        var error = Assert.Throws<OptionsValidationException>(() => bad.GetRequiredService<ActorFlowOptions>());

        Assert.Same(options, good.GetRequiredService<ActorFlowOptions>());
        Assert.Same(options, good.GetRequiredService<IOptionsMonitor<ActorFlowOptions>>().CurrentValue);
        Assert.Equal((200, 4), (options.Worker.MessageLimit, options.Persistence.Writers));
        Assert.Equal(["ActorFlow:Cluster:Port must lie between 0 and 65535; it is -1."], error.Failures);
    }

    [Fact]
    public void The_name_of_the_system_cannot_change_later()
    {
        var services = new ServiceCollection();
        services.AddActorFlow();
        services.Configure<ActorFlowOptions>(options => options.Cluster.SystemName = "other");
        using var provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ActorFlowOptions>());
    }
}
