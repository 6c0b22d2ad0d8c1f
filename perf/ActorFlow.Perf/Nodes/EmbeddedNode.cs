using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Node.Hosting;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Tasks;
using ActorFlow.TestSupport;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Perf.Nodes;

/// <summary>How a node differs from any other.</summary>
/// <param name="Slots">How many tasks it runs at once.</param>
/// <param name="PassivateAfter">How long runs that only wait stay in memory; none: as long as by default.</param>
/// <param name="ExecutionFile">Where executions are written down; none: they are only counted.</param>
public sealed record NodeOptions(int Slots = 64, TimeSpan? PassivateAfter = null, string? ExecutionFile = null)
{
    /// <summary>Handlers besides <c>echo</c> and <c>sleep</c>, by name. Specs that share a node give the same instance.</summary>
    public ImmutableDictionary<string, ITaskHandler> Handlers { get; init; } = ImmutableDictionary<string, ITaskHandler>.Empty;

    /// <summary>How long runs that have ended are kept; none: as long as by default.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Where it stands in a cluster of several; none: it is alone and does everything.</summary>
    public NodePlace? Place { get; init; }

    /// <summary>Whether it serves the API, on free ports of this machine.</summary>
    public bool Serves { get; init; }
}

/// <summary>Where a node stands in a cluster, on this machine.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Port">Its port.</param>
/// <param name="Ports">The ports of all nodes, its own included. The first begins the cluster, unless another is in one.</param>
public sealed record NodePlace(string Role, int Port, ImmutableArray<int> Ports)
{
    /// <summary>Puts a node there.</summary>
    public void Configure(ClusterOptions options) =>
        (options.Roles, options.Port, options.SeedNodes) =
        ([Role], Port, [.. Ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"akka.tcp://{options.SystemName}@{options.Host}:{port}"))]);
}

/// <summary>One node with everything.</summary>
internal sealed class EmbeddedNode : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly NodeStorage? _owned;
    private readonly ConcurrentDictionary<string, Lazy<Task<object>>> _once = new(StringComparer.Ordinal);

    private EmbeddedNode(IHost host, NodeStorage? owned, ExecutionLog log)
    {
        _host = host;
        _owned = owned;
        Log = log;
        Engine = host.Services.GetRequiredService<WorkflowEngine>();
    }

    /// <summary>What ran.</summary>
    public ExecutionLog Log { get; }

    /// <summary>Starts and follows runs.</summary>
    public WorkflowEngine Engine { get; }

    /// <summary>Starts a node in a storage of its own, which goes with it.</summary>
    /// <param name="database">Where its runs are kept.</param>
    /// <param name="options">How it differs from any other.</param>
    public static async Task<EmbeddedNode> StartAsync(IDatabase database, NodeOptions options)
    {
        var storage = await database.CreateAsync().ConfigureAwait(false);
        return await StartAsync(storage, options, isOwned: true).ConfigureAwait(false);
    }

    /// <summary>Starts a node on a storage that stays.</summary>
    /// <param name="storage">Where its runs are kept.</param>
    /// <param name="options">How it differs from any other.</param>
    public static Task<EmbeddedNode> StartAsync(NodeStorage storage, NodeOptions options) => StartAsync(storage, options, isOwned: false);

    private static async Task<EmbeddedNode> StartAsync(NodeStorage storage, NodeOptions options, bool isOwned)
    {
        var log = new ExecutionLog { File = options.ExecutionFile is { Length: > 0 } path ? new ExecutionFile(path) : null };
        var host = options.Serves ? Serving(storage, options, log) : Embedded(storage, options, log);
        await host.StartAsync().ConfigureAwait(false);
        return new(host, isOwned ? storage : null, log);
    }

    private static IHost Embedded(NodeStorage storage, NodeOptions options, ExecutionLog log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddBuiltInTasks(new BuiltInTaskOptions { Echo = false, Sleep = false });
        AddHandlers(builder.Services, options, log);
        builder.Services.AddActorFlow(node => Configure(node, storage, options)).UseSqlite().UsePostgres();
        return builder.Build();
    }

    /// <summary>The program that serves, as <c>actorflow node</c> runs it.</summary>
    private static WebApplication Serving(NodeStorage storage, NodeOptions options, ExecutionLog log)
    {
        var persistence = new PersistenceOptions();
        storage.Configure(persistence);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ActorFlow:Api:Address"] = "127.0.0.1:0",
            ["ActorFlow:Api:GrpcAddress"] = "127.0.0.1:0",
            ["ActorFlow:Api:DrainDelay"] = "0s",
            ["ActorFlow:Persistence:Journal"] = persistence.Journal.ToString(),
            ["ActorFlow:Persistence:DataDirectory"] = storage.DataDirectory.Length > 0 ? storage.DataDirectory : null,
            ["ActorFlow:Persistence:ConnectionString"] = storage.ConnectionString.Length > 0 ? storage.ConnectionString : null,
            ["ActorFlow:Tasks:Echo"] = "false",
            ["ActorFlow:Tasks:Sleep"] = "false",
        }).Build();
        return NodeHost.Build(
            configuration,
            services =>
            {
                AddHandlers(services, options, log);
                services.Configure<ActorFlowOptions>(node => Configure(node, storage, options));
            },
            logging => logging.SetMinimumLevel(LogLevel.None));
    }

    private static void AddHandlers(IServiceCollection services, NodeOptions options, ExecutionLog log)
    {
        services.AddSingleton<IHostLifetime, NodeLifetime>();
        services.AddTask("echo", new Logged(log, new EchoHandler()));
        services.AddTask("sleep", new Logged(log, new SleepHandler(TimeProvider.System)));
        foreach (var (name, handler) in options.Handlers)
        {
            services.AddTask(name, new Logged(log, handler));
        }
    }

    private static void Configure(ActorFlowOptions node, NodeStorage storage, NodeOptions options)
    {
        storage.Configure(node.Persistence);
        options.Place?.Configure(node.Cluster);
        node.Worker.Slots["default"] = options.Slots;
        node.PassivateAfter = options.PassivateAfter ?? node.PassivateAfter;
        node.Retention = options.Retention ?? node.Retention;
        // Ctrl+C ends this program at once: its nodes are not worth a shutdown in good order.
        node.Hocon = "akka { loglevel = ERROR, coordinated-shutdown.run-by-clr-shutdown-hook = off }";
    }

    /// <summary>The address that clients are given.</summary>
    /// <exception cref="InvalidOperationException">The node does not serve.</exception>
    public string Address => _host.Services.GetRequiredService<NodeAddresses>().Http!;

    /// <summary>Lists its runs.</summary>
    public IWorkflowIndex Index => _host.Services.GetRequiredService<IWorkflowIndex>();

    /// <summary>Its actors.</summary>
    public ActorSystem ActorSystem => _host.Services.GetRequiredService<ActorSystem>();

    /// <summary>How many runs are in memory.</summary>
    public async Task<int> CountInMemoryAsync()
    {
        var region = await _host.Services.GetRequiredService<IRequiredActor<WorkflowRegion>>().GetAsync().ConfigureAwait(false);
        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        return state.Shards.Sum(shard => shard.EntityIds.Count);
    }

    /// <summary>Waits until no run is in memory.</summary>
    /// <exception cref="TimeoutException">Some still are after a minute.</exception>
    public async Task UntilParkedAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await CountInMemoryAsync().ConfigureAwait(false) is > 0 and var left)
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException($"{left} runs are still in memory.");
            }

            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until as many runs have completed, as the index tells.</summary>
    /// <exception cref="TimeoutException">They have not after a minute.</exception>
    public async Task UntilCompletedAsync(int count)
    {
        var (index, query) = (_host.Services.GetRequiredService<IWorkflowIndex>(), new IndexQuery { Statuses = [WorkflowStatus.Completed] });
        try
        {
            await Eventually.HoldsAsync(
                async () => (await index.CountAsync(query).ConfigureAwait(false)).Values.Sum() >= count,
                $"{count:n0} runs have completed",
                TimeSpan.FromMinutes(1)).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message} {await DescribeAsync(index).ConfigureAwait(false)}", error);
        }
    }

    /// <summary>Waits until a cluster has come together: its nodes are up, and every one knows it of every other.</summary>
    public Task UntilUpAsync(int members) => Eventually.HoldsAsync(
        () => Akka.Cluster.Cluster.Get(ActorSystem).State is var state
            && state.Members.Count(member => member.Status == Akka.Cluster.MemberStatus.Up) == members
            && state.SeenBy.Count == members,
        $"{members} nodes are up, and know of each other",
        TimeSpan.FromMinutes(1));

    /// <summary>Where the runs and the nodes are, in a line.</summary>
    private async Task<string> DescribeAsync(IWorkflowIndex index)
    {
        var runs = await index.CountAsync(new IndexQuery()).ConfigureAwait(false);
        var members = Akka.Cluster.Cluster.Get(ActorSystem).State.Members;
        return $"Runs: {string.Join(", ", runs.Select(status => $"{status.Value} {status.Key}"))}. Nodes: {string.Join(", ", members.Select(member => $"{member.Address.Port} {member.Status}"))}.";
    }

    /// <summary>Kills the actor of a run that is in memory; done once it is gone.</summary>
    public async Task KillAsync(string id)
    {
        var region = await _host.Services.GetRequiredService<IRequiredActor<WorkflowRegion>>().GetAsync().ConfigureAwait(false);
        var runs = ActorSystem.ActorSelection(region.Path / "*" / id);
        var run = await runs.ResolveOne(TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        await run.GracefulStop(TimeSpan.FromSeconds(10), Kill.Instance).ConfigureAwait(false);
        // The shard answers this once it knows: what is sent from now on is not for the dead.
        await CountInMemoryAsync().ConfigureAwait(false);
    }

    /// <summary>Registers a definition, once.</summary>
    public Task<DefinitionReference> RegisterAsync(WorkflowDefinition definition) =>
        OnceAsync($"definition {definition.Name}", () => Engine.KeepAsync(definition));

    /// <summary>Does something once in the life of this node; whoever asks again gets what it gave.</summary>
    /// <param name="key">What it is.</param>
    /// <param name="make">Does it.</param>
    public async Task<T> OnceAsync<T>(string key, Func<Task<T>> make) =>
        (T)await _once.GetOrAdd(key, _ => new(async () => (await make().ConfigureAwait(false))!)).Value.ConfigureAwait(false);

    /// <summary>Runs a workflow to its end.</summary>
    /// <returns>How long it took, from the start to the durable end, and what it gave.</returns>
    /// <exception cref="InvalidOperationException">The run did not complete.</exception>
    public async Task<(TimeSpan Took, Payload Output)> RunAsync(DefinitionReference definition, Payload input)
    {
        var begun = Stopwatch.GetTimestamp();
        var id = await Engine.StartAsync(definition, input).ConfigureAwait(false);
        var end = await Engine.EndOfAsync(id).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(begun);
        return end.Outcome == RunOutcome.Completed
            ? (took, end.Output)
            : throw new InvalidOperationException($"{definition.Name} ended as {end.Outcome}: {end.Error?.Message}");
    }

    /// <summary>Starts runs, some hundreds at a time.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> StartManyAsync(DefinitionReference definition, int count)
    {
        var ids = new List<string>(count);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(200))
        {
            ids.AddRange(await Task.WhenAll(chunk.Select(_ => Engine.StartAsync(definition, Payload.Null))).ConfigureAwait(false));
        }

        return ids;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }

        Log.File?.Dispose();
        await (_owned?.DisposeAsync() ?? default).ConfigureAwait(false);
    }

    /// <summary>Ctrl+C is for the program, not for its nodes: a console application's lifetime would keep it from ending.</summary>
    private sealed class NodeLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Logged(ExecutionLog log, ITaskHandler handler) : ITaskHandler
    {
        public async Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
        {
            log.Began(context.WorkflowId, context.Task);
            var output = await handler.RunAsync(input, context, cancellationToken).ConfigureAwait(false);
            log.Ended(context.WorkflowId, context.Task);
            return output;
        }
    }
}
