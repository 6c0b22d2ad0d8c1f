using System.Diagnostics;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Persistence;
using ActorFlow.TestSupport.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class HostTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_ordinary_host_with_ActorFlow_starts_runs_and_stops()
    {
        var tasks = new TaskRecorder();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddTask(TaskRecorder.HandlerName, tasks.HandlerOn("host"));
        builder.Services.AddActorFlow(options => options.Persistence.DataDirectory = _directory.Path).UseSqlite();
        using var host = builder.Build();
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<WorkflowEngine>();

        var id = await engine.StartAsync(await engine.KeepAsync(Definitions.Linear(3)), Payload.Null);
        var end = await engine.EndOfAsync(id);
        await host.StopAsync();

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(["t0", "t1", "t2"], tasks.Executions.Select(execution => execution.Path));
    }

    [Fact]
    public async Task Failure_rule_16_while_the_disk_fails_starts_are_unavailable_and_once_it_is_well_nothing_is_lost()
    {
        var disk = new DiskFaults();
        await using var store = disk.Open(new PersistenceOptions { DataDirectory = _directory.Path });
        var tasks = new TaskRecorder();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(store);
        builder.Services.AddTask(TaskRecorder.HandlerName, tasks.HandlerOn("host"));
        builder.Services.AddActorFlow(options => options.Persistence.DataDirectory = _directory.Path).UseSqlite();
        using var host = builder.Build();
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<WorkflowEngine>();
        var definition = await engine.KeepAsync(Definitions.Linear(3));

        disk.IsBroken = true;
        var early = engine.StartAsync("early", definition, Payload.Null);
        await Eventually.HoldsAsync(() => store.WriteFailure is not null, "the store meets its disk");
        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => engine.StartAsync("late", definition, Payload.Null));
        disk.IsBroken = false;
        await early;
        var end = await engine.EndOfAsync("early");
        await host.StopAsync();

        Assert.Equal("unavailable", refused.Code);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(["t0", "t1", "t2"], tasks.Executions.Select(execution => execution.Path));
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_directory_is_told_who_holds_it()
    {
        await using var first = await StartAsync("first", new());

        var error = await Assert.ThrowsAsync<DataDirectoryException>(() => StartAsync("second", new()));

        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        var definition = await first.Engine.KeepAsync(Definitions.Linear(1));
        Assert.Equal(RunOutcome.Completed, (await first.Engine.EndOfAsync(await first.Engine.StartAsync(definition, Payload.Null))).Outcome);
    }

    [Fact]
    public async Task A_node_with_itself_as_seed_is_ready_within_seconds_even_on_a_busy_machine()
    {
        await (await StartAsync("warm-up", new())).StopAsync();
        var begun = Stopwatch.GetTimestamp();

        await using var host = await StartAsync("timed", new());
        var definition = await host.Engine.KeepAsync(Definitions.Linear(1));
        await host.Engine.StartAsync(definition, Payload.Null);

        // One second on a machine of its own.
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Runs_in_flight_go_on_after_a_stop_in_good_order_and_nothing_that_completed_runs_again()
    {
        var tasks = new TaskRecorder();
        var gate = tasks.Hold(execution => execution.Path == "t1" && execution.Node == "before");
        var took = TimeSpan.MaxValue;
        var ids = await InFlightAsync(tasks, async host =>
        {
            var begun = Stopwatch.GetTimestamp();
            await host.StopAsync();
            took = Stopwatch.GetElapsedTime(begun);
        });

        // Of the last node, no region waits for another to take over.
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        await using var after = await StartAsync("after", tasks);
        await AllEndAsync(after, ids);

        Assert.False(gate.IsOpen);
        Assert.All(ids, id => Assert.Equal(["before"], NodesOf(tasks, id, "t0")));
        Assert.All(ids, id => Assert.Equal([("before", ExecutionEnd.Cancelled), ("after", ExecutionEnd.Returned)], tasks.Of(id, "t1").Select(execution => (execution.Node, execution.End))));
        Assert.All(ids, id => Assert.Equal(["after"], NodesOf(tasks, id, "t2")));
        Assert.All(tasks.Executions, execution => Assert.Equal(1, execution.Attempt));
    }

    [Fact]
    public async Task Runs_in_flight_go_on_after_a_crash_and_nothing_that_completed_runs_again()
    {
        var tasks = new TaskRecorder();
        tasks.Hold(execution => execution.Path == "t1" && execution.Node == "before");
        var ids = await InFlightAsync(tasks, host => host.KillAsync());

        await using var after = await StartAsync("after", tasks);
        await AllEndAsync(after, ids);

        Assert.All(ids, id => Assert.Equal(["before"], NodesOf(tasks, id, "t0")));
        Assert.All(ids, id => Assert.Equal(["before", "after"], NodesOf(tasks, id, "t1")));
        Assert.All(ids, id => Assert.Equal(["after"], NodesOf(tasks, id, "t2")));
        Assert.Single(tasks.Executions.Select(execution => execution.Attempt).Distinct());
    }

    [Fact]
    public async Task A_closed_run_tells_its_result_after_a_restart_and_runs_nothing()
    {
        var tasks = new TaskRecorder();
        string id;
        await using (var before = await StartAsync("before", tasks))
        {
            id = await before.Engine.StartAsync(await before.Engine.KeepAsync(Definitions.Linear(2)), Payload.Null);
            await before.Engine.EndOfAsync(id);
        }

        await using var after = await StartAsync("after", tasks);
        var end = await after.Engine.EndOfAsync(id).WaitAsync(Eventually.Patience);
        var status = await after.Engine.StatusOfAsync(id);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.IsType<WorkflowReply.Ended>(status);
        Assert.Equal(2, tasks.Executions.Count);
    }

    [Fact]
    public async Task A_run_nobody_has_heard_of_is_not_found()
    {
        await using var host = await StartAsync("host", new());

        var error = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => host.Engine.StatusOfAsync("mistyped"));

        Assert.Equal("workflow-not-found", error.Code);
    }

    private async Task<string[]> InFlightAsync(TaskRecorder tasks, Func<TestHost, Task> end)
    {
        var before = await StartAsync("before", tasks);
        var definition = await before.Engine.KeepAsync(Definitions.Linear(3));
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => before.Engine.StartAsync(definition, Payload.Null)));
        foreach (var id in ids)
        {
            await tasks.StartedAsync(id, "t1");
        }

        await end(before);
        return ids;
    }

    private static async Task AllEndAsync(TestHost host, string[] ids)
    {
        var ends = await Task.WhenAll(ids.Select(id => host.Engine.EndOfAsync(id))).WaitAsync(Eventually.Patience);
        Assert.All(ends, end => Assert.Equal(RunOutcome.Completed, end.Outcome));
    }

    private static IEnumerable<string> NodesOf(TaskRecorder tasks, string id, string path) =>
        tasks.Of(id, path).Select(execution => execution.Node);

    private Task<TestHost> StartAsync(string name, TaskRecorder tasks) =>
        TestHost.StartAsync(name, tasks, options => options.Persistence.DataDirectory = _directory.Path);
}
