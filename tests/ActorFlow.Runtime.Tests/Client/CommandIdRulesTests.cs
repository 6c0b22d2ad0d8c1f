using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Client;

/// <summary>Failure rules 64 to 68 through the client of a node: what a repeat under a command's id is told.</summary>
public sealed class CommandIdRulesTests : IAsyncLifetime
{
    private const string One = "name: one\ntasks: { t: { uses: task, checkpoint: true }, s: { signal: go, needs: t } }";

    private readonly PersistenceStore _store = MemoryPersistence.Open();
    private readonly TaskRecorder _tasks = new();
    private TestHost _host = null!;

    private IWorkflowClient Client => _host.Client;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync("node", _tasks, store: _store);
        await Client.Definitions.RegisterAsync(One);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Failure_64_a_command_id_reused_with_other_content_is_a_conflict()
    {
        var run = await Client.StartAsync("one", options: new() { CommandId = "start" });
        await run.SignalAsync("go", Payload.From(1), "signal");
        await run.SignalAsync("go", Payload.From(1), "signal");

        Assert.Equal("command-conflict", await ConflictAsync(() => run.SignalAsync("go", Payload.From(2), "signal")));
        Assert.Equal("command-conflict", await ConflictAsync(() => run.SignalAsync("go", Payload.From(1), "start")));
        Assert.Equal("command-conflict", await ConflictAsync(() => Client.StartAsync("one", Payload.Parse("""{"n":1}"""), new() { CommandId = "start" })));
    }

    [Fact]
    public async Task Failure_66_a_repeated_start_finds_its_run_after_another_version_was_registered()
    {
        var first = await Client.StartAsync("one", Payload.Parse("""{"a":1,"b":2}"""), new() { Id = "x", CommandId = "c" });
        await Client.Definitions.RegisterAsync("version: 2\n" + One + "\noutput: 1");

        var repeat = await Client.StartAsync("one", Payload.Parse("""{ "b": 2, "a": 1 }"""), new() { Id = "x", CommandId = "c" });
        var joined = await Client.StartAsync("one", Payload.Parse("""{"a":1,"b":2}"""), new() { Id = "x" });

        Assert.Equal(first.Started! with { Created = false }, repeat.Started);
        Assert.Equal(first.Started with { Created = false }, joined.Started);
        Assert.Equal("id-conflict", await ConflictAsync(() => Client.StartAsync("one@2", Payload.Parse("""{"a":1,"b":2}"""), new() { Id = "x" })));
    }

    [Fact]
    public async Task Failure_67_a_late_repeat_of_a_pause_that_changed_nothing_changes_nothing()
    {
        var run = await Client.StartAsync("one");
        await run.PauseAsync();
        await run.PauseAsync("late");
        await run.ResumeAsync();

        await run.PauseAsync("late");

        Assert.Equal(WorkflowStatus.Running, await StatusAsync(run));
        Assert.Contains((await run.HistoryAsync()).Items, item => item.Event == "command-noted");
    }

    [Fact]
    public async Task Failure_68_a_repeated_rewind_succeeds_though_its_checkpoint_is_gone()
    {
        var run = await Client.StartAsync("one");
        await Eventually.HoldsAsync(async () => !(await run.CheckpointsAsync()).IsEmpty, "the checkpoint is taken");
        var checkpoint = (await run.CheckpointsAsync())[0];
        await run.RewindAsync("t", "rewind");
        await run.RewindAsync("t", "rewind");

        Assert.Equal("command-conflict", await ConflictAsync(() => run.RewindAsync("no such checkpoint", "rewind")));
        await Assert.ThrowsAsync<NotFoundException>(() => run.RewindAsync("no such checkpoint"));
        Assert.Single((await run.HistoryAsync()).Items, item => item.Event == "rewound");
        Assert.True(checkpoint.Sequence > 0);
    }

    [Fact]
    public async Task Failure_68_a_repeated_fork_is_the_first_one_though_another_checkpoint_is_the_newest()
    {
        var run = await Client.StartAsync("one");
        await Eventually.HoldsAsync(async () => !(await run.CheckpointsAsync()).IsEmpty, "the checkpoint is taken");
        var fork = await run.ForkAsync(new() { CommandId = "f" });
        await run.TakeCheckpointAsync("later");

        var repeat = await run.ForkAsync(new() { CommandId = "f" });

        Assert.Equal((fork.Id, fork.Started! with { Created = false }), (repeat.Id, repeat.Started!));
        Assert.Equal("command-conflict", await ConflictAsync(() => run.ForkAsync(new() { CommandId = "f", Input = Payload.Parse("""{"n":2}""") })));
    }

    private static async Task<WorkflowStatus> StatusAsync(WorkflowHandle run)
    {
        await Eventually.HoldsAsync(async () => (await run.DescribeAsync()).Status != WorkflowStatus.Paused, "the pause is over");
        return (await run.DescribeAsync()).Status is WorkflowStatus.Waiting ? WorkflowStatus.Running : (await run.DescribeAsync()).Status;
    }

    private static async Task<string> ConflictAsync(Func<Task> work) => (await Assert.ThrowsAsync<ConflictException>(work)).Code;
}
