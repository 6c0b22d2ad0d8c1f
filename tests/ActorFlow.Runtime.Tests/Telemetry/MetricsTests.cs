using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Tests.Hosting;
using ActorFlow.Runtime.Watching;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Telemetry;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

[Collection(TelemetryCollection.Name)]
public sealed class MetricsTests
{
    private const string Handler = "actorflow.handler=task";
    private const string Queue = "actorflow.queue=default";

    private readonly TaskRecorder _tasks = new();

    [Fact]
    public async Task Runs_with_a_retry_and_a_failure_are_counted_once_with_their_tags()
    {
        using var metrics = new MetricRecorder();
        await using var store = MemoryPersistence.Open();
        await using var host = await TestHost.StartAsync("node", _tasks, store: store);
        _tasks.Fail(execution => execution is { WorkflowId: "good", Path: "t1", Attempt: 1 }, () => new TaskFailure("Busy", "later"));
        _tasks.Fail(execution => execution is { WorkflowId: "bad", Path: "t1" }, () => new TaskFailure("CardDeclined", "no", retryable: false));
        var definition = await host.Engine.KeepAsync(Retrying());

        foreach (var id in (string[])["good", "bad"])
        {
            await host.Engine.StartAsync(id, definition, Payload.Null);
            await host.Engine.StartAsync(id, definition, Payload.Null);
            await host.Engine.EndOfAsync(id);
        }

        Assert.Equal(["actorflow.definition=linear-3: 2"], metrics.Sums(host, "actorflow.workflow.started"));
        Assert.Equal(
            ["actorflow.definition=linear-3 actorflow.status=completed: 1", "actorflow.definition=linear-3 actorflow.status=failed error.type=CardDeclined: 1"],
            metrics.Sums(host, "actorflow.workflow.ended"));
        Assert.Equal(
            ["actorflow.definition=linear-3 actorflow.status=completed: 1", "actorflow.definition=linear-3 actorflow.status=failed: 1"],
            metrics.Counts(host, "actorflow.workflow.duration"));
        Assert.Equal(
            [
                $"{Handler} actorflow.outcome=failed {Queue} error.type=Busy: 1",
                $"{Handler} actorflow.outcome=failed {Queue} error.type=CardDeclined: 1",
                $"{Handler} actorflow.outcome=succeeded {Queue}: 4",
            ],
            metrics.Sums(host, "actorflow.task.attempts"));
        Assert.Equal(
            [$"{Handler} actorflow.outcome=failed {Queue}: 2", $"{Handler} actorflow.outcome=succeeded {Queue}: 4"],
            metrics.Counts(host, "actorflow.task.duration"));
        Assert.Equal([$"{Handler} {Queue}: 6"], metrics.Counts(host, "actorflow.task.schedule_to_start"));
        Assert.All(metrics.Values(host, "actorflow.task.schedule_to_start"), seconds => Assert.InRange(seconds, 0, 30));
        Assert.InRange(metrics.Values(host, "actorflow.journal.write.duration").Count(), 8, int.MaxValue);
    }

    [Fact]
    public async Task A_cancelled_and_a_terminated_run_end_as_what_they_are()
    {
        using var metrics = new MetricRecorder();
        await using var store = MemoryPersistence.Open();
        await using var host = await TestHost.StartAsync("node", _tasks, store: store);
        _tasks.Hold(_ => true);
        var definition = await host.Engine.KeepAsync(Definitions.Linear(1));
        foreach (var id in (string[])["cancelled", "terminated"])
        {
            await host.Engine.StartAsync(id, definition, Payload.Null);
            await _tasks.StartedAsync(id, "t0");
        }

        await host.Engine.CancelAsync("cancelled", "enough");
        await host.Engine.TerminateAsync("terminated", "now");
        await host.Engine.EndOfAsync("cancelled");
        await host.Engine.EndOfAsync("terminated");

        Assert.Equal(
            ["actorflow.definition=linear-1 actorflow.status=cancelled: 1", "actorflow.definition=linear-1 actorflow.status=terminated: 1"],
            metrics.Sums(host, "actorflow.workflow.ended"));
        await Eventually.HoldsAsync(
            () => metrics.Sums(host, "actorflow.task.attempts").SequenceEqual([$"{Handler} actorflow.outcome=cancelled {Queue}: 2"]), "both attempts have stopped");
    }

    [Fact]
    public async Task A_recovery_counts_nothing_that_was_counted_before()
    {
        using var metrics = new MetricRecorder();
        await using var store = MemoryPersistence.Open();
        _tasks.Hold(execution => execution is { Path: "t1", Node: "before" });
        var before = await TestHost.StartAsync("before", _tasks, store: store);
        await before.Engine.StartAsync("run", await before.Engine.KeepAsync(Definitions.Linear(3)), Payload.Null);
        await _tasks.StartedAsync("run", "t1");
        Assert.Equal(["actorflow.definition=linear-3: 1"], metrics.Sums(before, "actorflow.workflow.started"));
        Assert.Empty(metrics.Sums(before, "actorflow.workflow.ended"));
        await before.StopAsync();

        await using (var after = await TestHost.StartAsync("after", _tasks, store: store))
        {
            await after.Engine.EndOfAsync("run");
            Assert.Empty(metrics.Sums(after, "actorflow.workflow.started"));
            Assert.Equal(["actorflow.definition=linear-3 actorflow.status=completed: 1"], metrics.Sums(after, "actorflow.workflow.ended"));
            Assert.Equal([": 1"], metrics.Sums(after, "actorflow.workflow.recoveries"));
            Assert.Equal([$"{Handler} actorflow.outcome=succeeded {Queue}: 2"], metrics.Sums(after, "actorflow.task.attempts"));
        }

        await using var last = await TestHost.StartAsync("last", _tasks, store: store);
        await last.Engine.StatusOfAsync("run");
        Assert.Empty(metrics.Sums(last, "actorflow.workflow.started"));
        Assert.Empty(metrics.Sums(last, "actorflow.workflow.ended"));
        Assert.Equal([": 1"], metrics.Sums(last, "actorflow.workflow.recoveries"));
    }

    [Fact]
    public async Task A_backlog_has_a_size_and_an_age_and_slots_are_used_or_free()
    {
        using var metrics = new MetricRecorder();
        await using var store = MemoryPersistence.Open();
        await using var host = await TestHost.StartAsync(
            "node",
            _tasks,
            options => options.Worker.Slots = new Dictionary<string, int> { ["default"] = 2 },
            store);
        var gate = _tasks.Hold(_ => true);
        var id = await host.Engine.StartAsync(await host.Engine.KeepAsync(Definitions.Fan(5)), Payload.Null);

        await ShowsAsync(host, metrics, "actorflow.queue.backlog", $"{Queue}: 3");
        await ShowsAsync(host, metrics, "actorflow.worker.slots", $"{Queue} actorflow.slot.state=free: 0", $"{Queue} actorflow.slot.state=used: 2");
        await Eventually.HoldsAsync(
            () => metrics.Gauges(host, "actorflow.queue.backlog.age").Any() && metrics.Values(host, "actorflow.queue.backlog.age").Single() > 0, "the backlog has an age");

        gate.Open();
        await host.Engine.EndOfAsync(id);
        await ShowsAsync(host, metrics, "actorflow.queue.backlog", $"{Queue}: 0");
        await ShowsAsync(host, metrics, "actorflow.queue.backlog.age", $"{Queue}: 0");
        await ShowsAsync(host, metrics, "actorflow.worker.slots", $"{Queue} actorflow.slot.state=free: 2", $"{Queue} actorflow.slot.state=used: 0");
    }

    [Fact]
    public async Task Nodes_in_one_process_show_their_own_gauges()
    {
        using var metrics = new MetricRecorder();
        await using var cluster = new TestCluster();
        var workflows = await cluster.AddAsync(ClusterOptions.WorkflowRole);
        var worker = await cluster.AddAsync(ClusterOptions.WorkerRole);
        await workflows.Engine.EndOfAsync(await workflows.Engine.StartAsync(await workflows.Engine.KeepAsync(Definitions.Linear(1)), Payload.Null));

        await ShowsAsync(workflows, metrics, "actorflow.queue.backlog", $"{Queue}: 0");
        Assert.Empty(metrics.Gauges(worker, "actorflow.queue.backlog"));
        Assert.Empty(metrics.Gauges(workflows, "actorflow.worker.slots"));
        Assert.Equal(2, metrics.Gauges(worker, "actorflow.worker.slots").Count());
    }

    [Fact]
    public async Task Gauges_show_nothing_once_their_actors_have_stopped()
    {
        using var metrics = new MetricRecorder();
        await using var store = MemoryPersistence.Open();
        await using var host = await TestHost.StartAsync("node", _tasks, store: store);
        await host.Engine.EndOfAsync(await host.Engine.StartAsync(await host.Engine.KeepAsync(Definitions.Linear(1)), Payload.Null));
        Assert.NotEmpty(metrics.Gauges(host, "actorflow.queue.backlog"));
        Assert.NotEmpty(metrics.Gauges(host, "actorflow.worker.slots"));

        await host.System.Terminate();

        Assert.Empty(metrics.Gauges(host, "actorflow.queue.backlog"));
        Assert.Empty(metrics.Gauges(host, "actorflow.queue.backlog.age"));
        Assert.Empty(metrics.Gauges(host, "actorflow.worker.slots"));
    }

    [Fact]
    public async Task Attempts_that_are_lost_with_their_worker_are_counted_by_the_node_of_the_run()
    {
        using var metrics = new MetricRecorder();
        await using var cluster = new TestCluster();
        var workflows = await cluster.AddAsync(ClusterOptions.WorkflowRole);
        var lost = await cluster.AddAsync(ClusterOptions.WorkerRole);
        var held = cluster.Tasks.Hold(execution => execution.Node == lost.Name);
        await workflows.Engine.StartAsync("run", await workflows.Engine.KeepAsync(Definitions.Linear(2)), Payload.Null);
        await cluster.Tasks.StartedAsync("run", "t0");
        await cluster.AddAsync(ClusterOptions.WorkerRole);

        await cluster.KillAsync(lost);
        var end = await workflows.Engine.EndOfAsync("run");

        Assert.False(held.IsOpen);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(["actorflow.definition=linear-2: 1"], metrics.Sums(workflows, "actorflow.task.lost"));
    }

    [Fact]
    public async Task A_database_says_how_long_writes_take_and_how_many_it_commits_together()
    {
        using var metrics = new MetricRecorder();
        using var directory = new TestDirectory();
        await using var host = await TestHost.StartAsync("node", _tasks, options => options.Persistence.DataDirectory = directory.Path);
        var definition = await host.Engine.KeepAsync(Definitions.Linear(3));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await host.Engine.EndOfAsync(await host.Engine.StartAsync(definition, Payload.Null))));

        // A run of three steps in a row has four rows at least.
        Assert.InRange(metrics.Values(host, "actorflow.journal.write.duration").Count(), 80, 20 * 20);
        Assert.All(metrics.Values(host, "actorflow.journal.write.duration"), seconds => Assert.InRange(seconds, 0.000_001, 30));
        await Eventually.HoldsAsync(() => metrics.Values(host, "actorflow.journal.batch.size").Sum() >= 80, "every write was in a batch");
        Assert.All(metrics.Values(host, "actorflow.journal.batch.size"), writes => Assert.InRange(writes, 1, 400));
    }

    [Fact]
    public async Task What_retention_deletes_is_counted()
    {
        using var metrics = new MetricRecorder();
        await using var store = MemoryPersistence.Open();
        await using var host = await TestHost.StartAsync("node", _tasks, options => options.Retention = TimeSpan.FromMilliseconds(1), store);
        var definition = await host.Engine.KeepAsync(Definitions.Linear(1));
        foreach (var id in (string[])["a", "b", "c"])
        {
            await host.Engine.StartAsync(id, definition, Payload.Null);
        }

        await Eventually.HoldsAsync(() => metrics.Values(host, "actorflow.workflow.purged").Sum() == 3, "all three are purged");
    }

    [Fact]
    public async Task Changes_that_are_dropped_for_a_slow_reader_of_a_watch_are_counted()
    {
        using var metrics = new MetricRecorder();
        await using var store = MemoryPersistence.Open();
        await using var host = await TestHost.StartAsync("node", _tasks, store: store);
        var changes = host.Services.GetRequiredService<RunChanges>();
        using var slow = changes.WatchAll(new());
        var summary = new WorkflowSummary
        {
            Id = "run",
            RunId = Guid.NewGuid(),
            Definition = "order",
            Version = 1,
            Status = WorkflowStatus.Running,
            StartedAt = default,
            UpdatedAt = default,
        };

        for (var i = 0; i < ChangeStream.Capacity + 3; i++)
        {
            changes.Deliver(new("run", false, summary));
        }

        Assert.Equal(3, metrics.Values(host, "actorflow.watch.dropped").Sum());
    }

    [Fact]
    public async Task A_listener_that_throws_stops_nothing()
    {
        using var metrics = new MetricRecorder(fails: true);
        using var directory = new TestDirectory();
        await using var host = await TestHost.StartAsync("node", _tasks, options => options.Persistence.DataDirectory = directory.Path);

        var id = await host.Engine.StartAsync(await host.Engine.KeepAsync(Definitions.Linear(2)), Payload.Null);

        Assert.Equal(RunOutcome.Completed, (await host.Engine.EndOfAsync(id)).Outcome);
    }

    private static Task ShowsAsync(TestHost host, MetricRecorder metrics, string name, params string[] expected) =>
        Eventually.HoldsAsync(() => metrics.Gauges(host, name).SequenceEqual(expected), $"{name} is {string.Join(", ", expected)}");

    private static WorkflowDefinition Retrying()
    {
        var definition = Definitions.Linear(3);
        return definition with
        {
            Tasks = [.. definition.Tasks.Select(task => task with { Retry = new() { MaxAttempts = 2, Initial = TimeSpan.FromMilliseconds(1) } })],
        };
    }
}
