using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The C# of README, run: a node in an application of one's own, with a handler of one's own.</summary>
public sealed class ReadmeCode : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-readme-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task An_application_hosts_a_node_with_a_handler_of_its_own()
    {
        const string yaml =
            """
            name: order
            tasks:
              charge: { uses: payments.charge, with: { orderId: "${{ input.orderId }}" } }
            output: ${{ tasks.charge.output.receipt }}
            """;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddTask<ChargeCard>("payments.charge");
        var directory = Path.Combine(_directory.FullName, "data");
        builder.Services.AddActorFlow(options => options.Persistence.DataDirectory = directory);
        var host = builder.Build();
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<WorkflowEngine>();

        var definition = await engine.RegisterAsync(DefinitionReader.Read(yaml, "order.yaml").Main);
        await engine.StartAsync("order-7", definition, Payload.Parse("""{ "orderId": 7 }"""));
        var end = await engine.EndOfAsync("order-7");

        Assert.Equal((RunOutcome.Completed, "\"charged 7\""), (end.Outcome, end.Output.ToString()));
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private sealed record ChargeRequest(int OrderId);

    private sealed record Charged(string Receipt);

    private sealed class ChargeCard : TaskHandler<ChargeRequest, Charged>
    {
        public override Task<Charged> RunAsync(ChargeRequest input, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new Charged($"charged {input.OrderId}"));
    }
}
