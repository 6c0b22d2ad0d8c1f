using System.Collections.Immutable;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.TestSupport.Tasks;
using Akka.Cluster;

namespace ActorFlow.TestSupport.Hosting;

/// <summary>Several nodes in the test's process that share one store in memory, so that runs move between them.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestHost> _hosts = [];
    private readonly PersistenceStore _store = MemoryPersistence.Open();

    /// <summary>The executions of all nodes.</summary>
    public TaskRecorder Tasks { get; } = new();

    /// <summary>The clock of nodes that start from now on; null means the system's.</summary>
    public TimeProvider? Time { get; set; }

    /// <summary>The running nodes, in the order of their starts.</summary>
    public IReadOnlyList<TestHost> Hosts => _hosts;

    /// <summary>Starts nodes with one set of roles, and waits until every node sees all of them.</summary>
    /// <param name="count">The number of nodes.</param>
    /// <param name="roles">Their roles; the default means both.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The new nodes.</returns>
    public async Task<ImmutableArray<TestHost>> AddAsync(int count, ImmutableArray<string> roles = default, Action<ActorFlowOptions>? configure = null)
    {
        var added = ImmutableArray.CreateBuilder<TestHost>();
        if (_hosts.Count == 0)
        {
            added.Add(await StartAsync(roles, configure).ConfigureAwait(false));
        }

        while (added.Count < count)
        {
            added.AddRange(await Task.WhenAll(Enumerable.Range(0, count - added.Count).Select(_ => StartAsync(roles, configure))).ConfigureAwait(false));
        }

        await FormedAsync().ConfigureAwait(false);
        return added.ToImmutable();
    }

    /// <summary>Starts a node with both roles, or the given roles.</summary>
    public async Task<TestHost> AddAsync(params ImmutableArray<string> roles) =>
        (await AddAsync(1, roles.IsDefaultOrEmpty ? default : roles).ConfigureAwait(false))[0];

    /// <summary>Waits until every node sees exactly the running nodes, all of them up.</summary>
    public Task FormedAsync() => Eventually.HoldsAsync(
        () => _hosts.TrueForAll(host => host.Cluster.State.Unreachable.Count == 0
            && host.Cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == _hosts.Count
            && host.Cluster.State.Members.Count == _hosts.Count),
        $"{_hosts.Count} nodes see each other");

    /// <summary>Stops a node in good order.</summary>
    public async Task StopAsync(TestHost host)
    {
        _hosts.Remove(host);
        await host.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Ends a node as if its process had been killed.</summary>
    /// <param name="host">The node.</param>
    /// <param name="down">Whether the other nodes are told; otherwise they have to find out.</param>
    public async Task KillAsync(TestHost host, bool down = true)
    {
        _hosts.Remove(host);
        var address = host.Cluster.SelfAddress;
        await host.KillAsync().ConfigureAwait(false);
        if (down)
        {
            _hosts[0].Cluster.Down(address);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_hosts.Count > 0)
        {
            await StopAsync(_hosts[^1]).ConfigureAwait(false);
        }

        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<TestHost> StartAsync(ImmutableArray<string> roles, Action<ActorFlowOptions>? configure)
    {
        ImmutableArray<string> seeds = _hosts.Count == 0 ? [] : [_hosts[0].Cluster.SelfAddress.ToString()];
        var host = await TestHost.StartAsync(
            $"node-{Interlocked.Increment(ref _started)}",
            Tasks,
            options =>
            {
                options.Cluster.Roles = roles.IsDefaultOrEmpty ? options.Cluster.Roles : roles;
                options.Cluster.SeedNodes = seeds;
                options.Queues.InventoryWait = TimeSpan.FromSeconds(8);
                configure?.Invoke(options);
            },
            _store,
            Time).ConfigureAwait(false);
        lock (_hosts)
        {
            _hosts.Add(host);
        }

        return host;
    }

    private int _started;
}
