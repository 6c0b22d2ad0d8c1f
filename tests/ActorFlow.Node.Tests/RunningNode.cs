using System.Net;
using System.Text;
using ActorFlow.Node.Api;
using ActorFlow.Node.Hosting;
using ActorFlow.Node.Security;
using ActorFlow.TestSupport.Tasks;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Node.Tests;

/// <summary>A node with its API on free ports of this machine, its runs in memory unless a directory is given.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningNode(WebApplication app, TaskRecorder tasks)
    {
        (_app, Tasks) = (app, tasks);
        var addresses = app.Services.GetRequiredService<NodeAddresses>();
        Http = new HttpClient { BaseAddress = new(addresses.Http!), Timeout = TimeSpan.FromSeconds(70) };
        Channel = GrpcChannel.ForAddress(addresses.Grpc ?? addresses.Http!);
        (Workflows, Definitions) = (new(Channel), new(Channel));
    }

    /// <summary>What its handler <c>task</c> ran.</summary>
    public TaskRecorder Tasks { get; }

    /// <summary>Speaks to the JSON API.</summary>
    public HttpClient Http { get; }

    /// <summary>Speaks to gRPC.</summary>
    public GrpcChannel Channel { get; }

    public V1.Workflows.WorkflowsClient Workflows { get; }

    public V1.Definitions.DefinitionsClient Definitions { get; }

    /// <summary>The contract in the node's own process.</summary>
    public IWorkflowClient Local => _app.Services.GetRequiredService<IWorkflowClient>();

    public IServiceProvider Services => _app.Services;

    /// <summary>The keys of its store, past its door.</summary>
    public ApiKeys Keys => new(Services.GetRequiredService<AccessStore>().Store!.Keys, TimeProvider.System);

    public static Task<RunningNode> StartAsync(string? directory = null, params (string Key, string? Value)[] settings) =>
        StartAsync(Configuration(directory, settings));

    public static async Task<RunningNode> StartAsync(IConfiguration configuration, Action<IServiceCollection>? configure = null)
    {
        var tasks = new TaskRecorder();
        var app = NodeHost.Build(
            configuration,
            services =>
            {
                services.AddTask("task", tasks.HandlerOn("node"));
                configure?.Invoke(services);
            },
            logging => logging.SetMinimumLevel(LogLevel.None));
        try
        {
            await app.StartAsync();
            return new(app, tasks);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a key, which opens the door at once.</summary>
    public async Task<string> KeyAsync(string name, ApiRole role, TimeSpan? expires = null)
    {
        var (_, text) = await Keys.CreateAsync(name, role, expires, "os:test");
        await Services.GetRequiredService<KeyRing>().ReadAsync(default);
        return text;
    }

    public static IConfiguration Configuration(string? directory = null, params (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["ActorFlow:Api:Address"] = "127.0.0.1:0",
            ["ActorFlow:Api:GrpcAddress"] = "127.0.0.1:0",
            ["ActorFlow:Api:DrainDelay"] = "0s",
            ["ActorFlow:Persistence:Journal"] = directory is null ? "Memory" : "ActorFlow",
        };
        if (directory is not null)
        {
            values["ActorFlow:Persistence:DataDirectory"] = directory;
        }

        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    /// <summary>Sends a request; the body is JSON unless another media type is given.</summary>
    public async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> SendAsync(
        string method, string path, string? body = null, string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = mediaType.Length == 0 ? null : System.Net.Http.Headers.MediaTypeHeaderValue.Parse(mediaType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>One node for all tests of a class.</summary>
public sealed class NodeFixture : IAsyncLifetime
{
    internal RunningNode Node { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Node = await RunningNode.StartAsync();
        await Node.Local.Definitions.RegisterAsync(Samples.Definitions);
    }

    public async Task DisposeAsync() => await Node.DisposeAsync();
}

/// <summary>Definitions that tests start.</summary>
internal static class Samples
{
    public const string Definitions = """
        name: order
        tasks:
          reserve: { uses: task, with: "${{ input }}", checkpoint: true }
          payment: { signal: paid, needs: reserve }
          ship: { uses: task, with: { paid: "${{ tasks.payment.output }}" }, needs: payment }
        output: ${{ tasks.ship.output }}
        ---
        name: echo
        tasks:
          say: { uses: echo, with: "${{ input }}" }
        output: ${{ tasks.say.output }}
        ---
        name: asks
        tasks:
          well: { ask: { prompt: "Well?", kind: approval } }
        output: ${{ tasks.well.output }}
        ---
        name: once
        tasks:
          a: { uses: task, with: "${{ input }}" }
        ---
        name: nobody
        tasks:
          a: { uses: nobody.has }
        ---
        name: fails
        tasks:
          never: { fail: refused }
        ---
        name: parent
        tasks:
          child: { workflow: order, with: { n: 1 } }
        """;
}
