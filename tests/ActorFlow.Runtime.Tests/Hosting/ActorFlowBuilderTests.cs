using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Tasks;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class ActorFlowBuilderTests
{
    public static TheoryData<string, Action<AkkaConfigurationBuilder>> Breaks => new()
    {
        { "akka.actor.provider", akka => akka.AddHocon("akka.actor.provider = local", HoconAddMode.Prepend) },
        { "akka.cluster.roles", akka => akka.WithClustering(new Akka.Cluster.Hosting.ClusterOptions { Roles = ["other"] }) },
        { "akka.cluster.seed-nodes", akka => akka.AddHocon("akka.cluster.seed-nodes = [\"akka.tcp://a@b:1\"]", HoconAddMode.Prepend) },
        { "akka.remote.dot-netty.tcp.port", akka => akka.AddHocon("akka.remote.dot-netty.tcp.port = 1", HoconAddMode.Prepend) },
        { "akka.persistence.journal.plugin", akka => akka.AddHocon("akka.persistence.journal.plugin = \"akka.persistence.journal.inmem\"", HoconAddMode.Prepend) },
        { "the provider of actor references", akka => akka.WithActorRefProvider(ProviderSelection.Local.Instance) },
    };

    [Fact]
    public async Task Handlers_are_registered_by_the_builder()
    {
        var tasks = new TaskRecorder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorFlow(options => options.Persistence.Journal = JournalKind.Memory)
            .AddTask(TaskRecorder.HandlerName, tasks.HandlerOn("host"))
            .AddTask<Unused>("unused");
        using var host = builder.Build();
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<WorkflowEngine>();

        var id = await engine.StartAsync(await engine.KeepAsync(Definitions.Linear(1)), Payload.Null);
        var end = await engine.EndOfAsync(id).WaitAsync(Eventually.Patience);
        await host.StopAsync();

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Single(tasks.Executions);
        Assert.Contains(host.Services.GetServices<TaskRegistration>(), registration => registration.Name == "unused");
    }

    [Fact]
    public async Task ConfigureAkka_adds_actors_and_settings_in_order_after_the_nodes_own()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorFlow(options => options.Persistence.Journal = JournalKind.Memory)
            .ConfigureAkka(akka => akka
                .AddHocon("akka.actor.ask-timeout = 1s, my.setting = first", HoconAddMode.Prepend)
                .WithActors((system, registry) => registry.Register<Mine>(system.ActorOf(Props.Create(() => new Mine()), "mine"))))
            .ConfigureAkka(akka => akka.AddHocon("my.setting = second", HoconAddMode.Prepend));
        using var host = builder.Build();
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();

        var answer = await host.Services.GetRequiredService<IReadOnlyActorRegistry>().Get<Mine>().Ask<string>("hello", Eventually.Patience);
        var (setting, timeout) = (system.Settings.Config.GetString("my.setting"), system.Settings.Config.GetTimeSpan("akka.actor.ask-timeout"));
        await host.StopAsync();

        Assert.Equal(("hello", "second", TimeSpan.FromSeconds(1)), (answer, setting, timeout));
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task ConfigureAkka_cannot_break_what_the_node_stands_on(string setting, Action<AkkaConfigurationBuilder> breaks)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorFlow(options => options.Persistence.Journal = JournalKind.Memory).ConfigureAkka(breaks);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.StartsWith($"ConfigureAkka must not change {setting}, which is set by ", error.Message, StringComparison.Ordinal);
    }

    private sealed class Unused : TaskHandler<string, string>
    {
        public override Task<string> RunAsync(string input, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(input);
    }

    private sealed class Mine : ReceiveActor
    {
        public Mine() => ReceiveAny(message => Sender.Tell(message));
    }
}
