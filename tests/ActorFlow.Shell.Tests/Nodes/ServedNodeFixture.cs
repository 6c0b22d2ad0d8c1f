using ActorFlow.Node.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Shell.Tests.Nodes;

/// <summary>One node for all tests of a class, on free ports, its runs in memory.</summary>
public sealed class ServedNodeFixture : IAsyncLifetime
{
    internal const string Definitions = """
        name: echo
        tasks:
          say: { uses: echo, with: "${{ input }}", checkpoint: true }
        output: ${{ tasks.say.output }}
        ---
        name: order
        input: { type: object, required: [id], properties: { id: { type: integer } } }
        tasks:
          first: { uses: echo, with: "${{ input }}", checkpoint: true }
          paid: { signal: paid, needs: first }
        output: ${{ tasks.paid.output }}
        ---
        name: asks
        tasks:
          well: { ask: { prompt: "Well?", kind: approval } }
        output: ${{ tasks.well.output.value }}
        ---
        name: fails
        tasks:
          never: { fail: refused }
        """;

    private WebApplication _app = null!;

    /// <summary>Where it serves.</summary>
    public string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _app = NodeHost.Build(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ActorFlow:Api:Address"] = "127.0.0.1:0",
                ["ActorFlow:Api:GrpcAddress"] = "127.0.0.1:0",
                ["ActorFlow:Api:DrainDelay"] = "0s",
                ["ActorFlow:Persistence:Journal"] = "Memory",
            }).Build(),
            logging: logging => logging.SetMinimumLevel(LogLevel.None));
        await _app.StartAsync();
        Address = _app.Services.GetRequiredService<NodeAddresses>().Http!;
        await _app.Services.GetRequiredService<IWorkflowClient>().Definitions.RegisterAsync(Definitions);
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
