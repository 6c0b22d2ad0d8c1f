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
        { "Worker:Slots", options => options.Worker = options.Worker with { Slots = options.Worker.Slots.SetItem("default", 0) } },
        { "Worker:Grace", options => options.Worker = options.Worker with { Grace = TimeSpan.FromSeconds(-1) } },
        { "Worker:InventoryInterval", options => options.Worker = options.Worker with { InventoryInterval = TimeSpan.FromSeconds(6) } },
        { "Worker:InventoryInterval", options => options.Worker = options.Worker with { InventoryInterval = TimeSpan.Zero } },
        { "Worker:PayloadLimit", options => options.Worker = options.Worker with { PayloadLimit = 0 } },
        { "Worker:MessageLimit", options => options.Worker = options.Worker with { MessageLimit = 99 } },
        { "Worker:UnacknowledgedLimit", options => options.Worker = options.Worker with { UnacknowledgedLimit = 0 } },
        { "Worker:UnacknowledgedBytes", options => options.Worker = options.Worker with { UnacknowledgedBytes = 0 } },
        { "Queues:Capacity", options => options.Queues = options.Queues with { Capacity = 0 } },
        { "Queues:CapacityPerKey", options => options.Queues = options.Queues with { CapacityPerKey = 0 } },
        { "Queues:UnroutableCapacity", options => options.Queues = options.Queues with { UnroutableCapacity = 0 } },
        { "Queues:WaitPerLevel", options => options.Queues = options.Queues with { WaitPerLevel = TimeSpan.Zero } },
        { "Queues:Grace", options => options.Queues = options.Queues with { Grace = TimeSpan.FromSeconds(9) } },
        { "Queues:Backstop", options => options.Queues = options.Queues with { Backstop = TimeSpan.FromSeconds(-1) } },
        { "Queues:HostReturn", options => options.Queues = options.Queues with { HostReturn = TimeSpan.FromSeconds(-1) } },
        { "Queues:InventoryWait", options => options.Queues = options.Queues with { InventoryWait = TimeSpan.FromSeconds(-1) } },
        { "Retention", options => options.Retention = TimeSpan.FromSeconds(-1) },
        { "Index:WakeUpInterval", options => options.Index = options.Index with { WakeUpInterval = TimeSpan.Zero } },
        { "Index:WakeUpInterval", options => options.Index = options.Index with { WakeUpInterval = TimeSpan.FromMinutes(2) } },
        { "Index:PurgeInterval", options => options.Index = options.Index with { PurgeInterval = TimeSpan.Zero } },
        { "Index:PurgeInterval", options => options.Index = options.Index with { PurgeInterval = TimeSpan.FromDays(2) } },
        { "Hocon", options => options.Hocon = "akka.actor = ${nowhere}" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_value_out_of_range_stops_the_start_and_is_named(string key, Action<ActorFlowOptions> spoil)
    {
        var error = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddActorFlow(spoil));

        Assert.StartsWith(key + " ", error.Failures.First(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddActorFlow(options =>
        {
            options.Cluster.Port = -1;
            options.Persistence.CallTimeout = TimeSpan.Zero;
            options.Worker = options.Worker with { PayloadLimit = 0 };
        }));

        Assert.Equal(4, error.Failures.Count());
    }

    [Fact]
    public void The_defaults_are_in_range() => new ServiceCollection().AddActorFlow();
}
