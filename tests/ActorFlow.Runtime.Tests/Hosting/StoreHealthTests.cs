using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Persistence;
using ActorFlow.TestSupport.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

/// <summary>A node whose store fails says so: by its health check, and in its log.</summary>
public sealed class StoreHealthTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly DiskFaults _disk = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_node_is_unhealthy_while_its_disk_is_full_and_healthy_once_there_is_room_and_its_runs_go_on()
    {
        await using var store = _disk.Open(new() { DataDirectory = _directory.Path });
        var tasks = new TaskRecorder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        using var log = new NodeLog();
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton(store);
        builder.Services.AddTask(TaskRecorder.HandlerName, tasks.HandlerOn("host"));
        builder.Services.AddHealthChecks();
        builder.Services.AddActorFlow().UseSqlite();
        using var host = builder.Build();
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<ActorFlow.Runtime.Client.WorkflowEngine>();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var definition = await engine.KeepAsync(Definitions.Linear(3));
        await Eventually.HoldsAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy, "the node is ready");

        _disk.IsBroken = true;
        var start = engine.StartAsync("a", definition, Payload.Null);
        await Eventually.HoldsAsync(async () => (await StoreAsync()).Status == HealthStatus.Unhealthy, "the store is unhealthy");
        var report = await StoreAsync();
        _disk.IsBroken = false;
        await start;
        var end = await engine.EndOfAsync("a");

        Assert.Equal("The store cannot write: the disk failed to read or write.", report.Description);
        Assert.Contains("ready", report.Tags);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(["t0", "t1", "t2"], tasks.Executions.Select(execution => execution.Path));
        await Eventually.HoldsAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy, "the node is ready again");
        Assert.Single(log.ToString().Split('\n'), line => line.Contains("The store cannot write, for 0 s now: the disk failed to read or write.", StringComparison.Ordinal));
        Assert.Single(log.ToString().Split('\n'), line => line.Contains("The store can write again.", StringComparison.Ordinal));
        await host.StopAsync();

        // The store alone: the other checks wait for sharding, which cannot write either.
        async Task<HealthReportEntry> StoreAsync() =>
            (await health.CheckHealthAsync(check => check.Name == StoreHealthCheck.Name)).Entries[StoreHealthCheck.Name];
    }

    [Fact]
    public async Task A_store_whose_last_write_failed_finds_out_by_itself_that_the_disk_is_well_again()
    {
        await using var store = _disk.Open(new() { DataDirectory = _directory.Path, RetryWindow = TimeSpan.FromMilliseconds(100) });
        var definition = new StoredDefinition("hash", "name", 1, new byte[] { 1 }, DateTimeOffset.UnixEpoch);

        _disk.IsBroken = true;
        await Assert.ThrowsAsync<StoreWriteException>(() => store.Definitions.PutAsync(definition));
        Assert.Equal("the disk failed to read or write", store.WriteFailure);
        _disk.IsBroken = false;

        await Eventually.HoldsAsync(() => store.WriteFailure is null, "nobody writes, and yet the store is well");
    }

    [Fact]
    public async Task Trouble_is_logged_when_it_begins_and_once_a_minute_and_when_it_is_over_however_often_it_comes_and_goes()
    {
        await using var store = MemoryPersistence.Open();
        var time = new FakeTimeProvider();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        using var watch = new StoreHealthLog(store, time, loggers);
        await watch.StartAsync(CancellationToken.None);

        store.Health.Failed(this, "the disk is full");
        store.Health.Failed(this, "the disk is full");
        Assert.Equal(["Error"], Levels());

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(["Error"], Levels());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["Error", "Error"], Levels());

        store.Health.Works(this);
        store.Health.Failed(this, "the disk is full");
        store.Health.Works(this);
        Assert.Equal(["Error", "Error", "Warning"], Levels());

        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["Error", "Error", "Warning"], Levels());
    }

    [Fact]
    public async Task Of_several_writers_all_must_write_again_and_damage_stays()
    {
        await using var store = MemoryPersistence.Open();
        var (one, other) = (new object(), new object());

        store.Health.Failed(one, "Connection refused");
        store.Health.Failed(other, "Connection refused");
        store.Health.Works(one);
        Assert.Equal("Connection refused", store.WriteFailure);
        store.Health.Works(other);
        Assert.Null(store.WriteFailure);

        store.Health.Damaged("the database is damaged");
        store.Health.Failed(one, "Connection refused");
        store.Health.Works(one);
        Assert.Equal(new StoreWriteFailure("the database is damaged", IsDamage: true).IsDamage, store.Health.WriteFailure!.IsDamage);
        Assert.Equal("the database is damaged", store.WriteFailure);
    }

    private readonly NodeLog _log = new();

    private string[] Levels() => [.. _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)])];
}
