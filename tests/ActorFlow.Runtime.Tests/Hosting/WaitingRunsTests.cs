using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Persistence;
using ActorFlow.TestSupport.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class WaitingRunsTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly ShiftedTime _time = new();
    private readonly TaskRecorder _tasks = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("90s", false)]
    [InlineData("90s", true)]
    [InlineData("3h", false)]
    [InlineData("3h", true)]
    public async Task A_timer_that_fell_due_while_the_node_was_down_fires_once_on_start(string delay, bool crash)
    {
        string id;
        await using (var before = await StartAsync("before"))
        {
            id = await before.Engine.StartAsync(await before.Engine.KeepAsync(Definitions.Delayed(delay)), Payload.Null);
            if (delay == "3h")
            {
                await IndexedAsync(before, id, WorkflowStatus.Waiting);
            }

            if (crash)
            {
                await before.KillAsync();
            }
        }

        _time.By = TimeSpan.FromHours(4);
        await using var after = await StartAsync("after");
        // Nobody asks for it: it comes by itself.
        await _tasks.StartedAsync(id, "t");
        var end = await after.Engine.EndOfAsync(id);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(["after"], _tasks.Executions.Select(execution => execution.Node));
        var events = (await after.Engine.HistoryAsync(id)).Rows.SelectMany(row => row.Commits).SelectMany(commit => commit.Events).ToList();
        Assert.Single(events.OfType<WorkflowEvent.DelayStarted>());
        Assert.Equal(2, events.OfType<WorkflowEvent.TaskExecutionCompleted>().Count());
    }

    [Fact]
    public async Task A_full_disk_while_a_checkpoint_is_taken_is_reported_and_the_run_goes_on_from_its_events()
    {
        var gate = _tasks.Hold(execution => execution.Path == "last");
        var disk = new DiskFaults();
        string id;
        await using (var store = disk.Open(new() { DataDirectory = _directory.Path }))
        {
            await using var before = await StartAsync("before", store);
            id = await before.Engine.StartAsync(await before.Engine.KeepAsync(Large), Payload.Null);
            await _tasks.StartedAsync(id, "last");
        }

        // Room for some rows, but not for all outputs once more.
        disk.LimitTo((int)(new FileInfo(Path.Combine(_directory.Path, "actorflow.db")).Length / 4096) + 60);
        await using var full = disk.Open(new() { DataDirectory = _directory.Path });
        await using var after = await StartAsync("after", full);
        await _tasks.StartedAsync(id, "last", times: 2);
        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => after.Engine.TakeCheckpointAsync(id, "here"));
        var details = await after.Engine.DetailsAsync(id);
        gate.Open();
        var end = await after.Engine.EndOfAsync(id);

        Assert.Equal("unavailable", refused.Code);
        Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        Assert.Contains("full", details.CheckpointFailure!, StringComparison.Ordinal);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        // What was asked for by name is found from the events.
        var named = Assert.Single(await after.Engine.CheckpointsAsync(id));
        Assert.Equal(("here", 0L), (named.Name, named.Bytes));
        Assert.Equal(named.Sequence, (await after.Engine.CheckpointAsync(id, "here")).Sequence);
    }

    private static WorkflowDefinition Large { get; } = new()
    {
        Name = "large",
        CheckpointEvery = 1_000,
        Tasks =
        [
            .. Enumerable.Range(0, 20).Select(i => new TaskDefinition { Id = $"t{i}", Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Noise(i)) }),
            new() { Id = "last", Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject), Needs = [.. Enumerable.Range(0, 20).Select(i => new Need($"t{i}", null))] },
        ],
    };

    private static Payload Noise(int seed)
    {
        var bytes = new byte[40_000];
        new Random(seed).NextBytes(bytes);
        return Payload.FromString(Convert.ToBase64String(bytes));
    }

    private static Task IndexedAsync(TestHost host, string id, WorkflowStatus status) => Eventually.HoldsAsync(
        async () => (await host.Services.GetRequiredService<IWorkflowIndex>().GetAsync(id))?.Status == status, $"{id} is {status} in the index");

    private Task<TestHost> StartAsync(string name, PersistenceStore? store = null) => TestHost.StartAsync(
        name,
        _tasks,
        options =>
        {
            options.Persistence.DataDirectory = _directory.Path;
            options.PassivateAfter = TimeSpan.FromMilliseconds(100);
            options.Index.WakeUpInterval = TimeSpan.FromMilliseconds(100);
        },
        store,
        _time);
}
