using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using ActorFlow.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorFlow.Shell.Runs;

/// <summary>A node inside this process, with its own database in the data directory, and a worker of its own unless it is idle.</summary>
internal sealed class EmbeddedNode : IAsyncDisposable
{
    // When the node leaves, its worker is drained and its regions are down; no other node waits to learn of its leave.
    private const string Settings =
        """
        akka.loglevel = WARNING
        akka.coordinated-shutdown.phases.cluster-exiting.timeout = 10ms
        # The command stops its node itself; what it leaves undone must not hold up the end of the process.
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """;

    private readonly IHost _host;
    private readonly string _directory;

    private EmbeddedNode(IHost host, string directory) => (_host, _directory) = (host, Path.GetFullPath(directory));

    /// <summary>Starts, steers and reads runs.</summary>
    public IWorkflowClient Client => _host.Services.GetRequiredService<IWorkflowClient>();

    /// <summary>Begins runs of definitions that are in a file and not registered.</summary>
    public WorkflowEngine Engine => _host.Services.GetRequiredService<WorkflowEngine>();

    public DefinitionCatalog Catalog => _host.Services.GetRequiredService<DefinitionCatalog>();

    /// <summary>The health of its store.</summary>
    public StoreHealth Health => _host.Services.GetRequiredService<PersistenceStore>().Health;

    /// <summary>The names of the handlers of a node that runs tasks.</summary>
    public static IReadOnlyCollection<string> Handlers => field ??= NamesOfHandlers();

    /// <summary>Starts a node that runs tasks.</summary>
    /// <exception cref="CommandFailure">The data directory cannot be used.</exception>
    public static Task<EmbeddedNode> StartAsync(string dataDirectory, int? parallel, ProgressFeed feed) =>
        StartAsync(dataDirectory, parallel, services =>
        {
            services.AddSingleton<ITaskObserver>(feed);
            services.AddSingleton<IRunObserver>(feed);
            AddHandlers(services, dataDirectory);
        });

    /// <summary>Starts a node that runs no task: runs can be read and take commands, but do not continue.</summary>
    /// <exception cref="CommandFailure">The data directory cannot be used.</exception>
    public static Task<EmbeddedNode> StartIdleAsync(string dataDirectory) => StartAsync(dataDirectory, null, _ => { });

    /// <summary>The plan of a definition that a run refers to.</summary>
    public async Task<WorkflowPlan> PlanOfAsync(DefinitionReference definition, CancellationToken cancellationToken) =>
        await _host.Services.GetRequiredService<PlanCache>().LoadAsync(definition.Hash, cancellationToken).ConfigureAwait(false)
        ?? throw new CommandFailure($"the definition {definition.Name}@{definition.Version} is not in the database", ExitCode.NotFound);

    /// <summary>Uses the node; a refusal or a failure becomes one line and an exit code.</summary>
    /// <exception cref="CommandFailure">The node refuses, cannot write, or does not answer.</exception>
    public Task<T> AskAsync<T>(Func<Task<T>> work) => new DirectoryRequest(_directory, Health).AskAsync(work);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() =>
        await new NodeStop(_host, Health, _host.Services.GetRequiredService<WorkerNode>()).StopAsync().ConfigureAwait(false);

    private static void AddHandlers(IServiceCollection services, string dataDirectory) =>
        services.AddBuiltInTasks(new BuiltInTaskOptions { Process = { Enabled = true, Home = dataDirectory } });

    private static string[] NamesOfHandlers()
    {
        var services = new ServiceCollection();
        // Which directory does not matter to their names.
        AddHandlers(services, AppContext.BaseDirectory);
        return [.. services.Select(service => service.ImplementationInstance).OfType<TaskRegistration>().Select(handler => handler.Name).Order(StringComparer.Ordinal)];
    }

    private static async Task<EmbeddedNode> StartAsync(string dataDirectory, int? parallel, Action<IServiceCollection> add)
    {
        DirectoryRequest.RequireUsable(dataDirectory);

        MallocTuning.GiveBackUnused();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        add(builder.Services);
        builder.Services.AddActorFlow(options =>
        {
            options.Persistence.DataDirectory = dataDirectory;
            // Other open runs in the directory are resumed by their own commands, not by this one.
            options.Cluster.RememberRuns = false;
            options.Hocon = Settings;
            if (parallel is { } slots)
            {
                options.Worker.Slots[WorkerOptions.DefaultQueue] = slots;
            }
        }).UseSqlite();
        var host = builder.Build();
        try
        {
            await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
            return new(host, dataDirectory);
        }
        catch (Exception error) when (EnvironmentFailures.Of(error) is { } failure)
        {
            host.Dispose();
            throw failure;
        }
    }
}
