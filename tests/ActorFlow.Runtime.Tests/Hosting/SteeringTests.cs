using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class SteeringTests : IAsyncLifetime
{
    private const int Steps = 30;

    private readonly PersistenceStore _store = MemoryPersistence.Open();
    private readonly TaskRecorder _tasks = new();
    private TestHost _host = null!;

    private WorkflowEngine Engine => _host.Engine;

    public async Task InitializeAsync() => _host = await StartAsync("first");

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_fork_from_every_checkpoint_of_a_run_of_30_steps_does_what_is_left()
    {
        var id = await CompletedAsync();

        // Row n is the completion of the task before: the start is the first.
        for (var row = 1; row <= Steps; row++)
        {
            var fork = await Engine.ForkAsync(id, $"{row}", $"fork-{row}");
            var end = await Engine.EndOfAsync(fork);

            Assert.Equal(RunOutcome.Completed, end.Outcome);
            Assert.Equal(Enumerable.Range(row - 1, Steps - row + 1).Select(step => $"t{step}"), PathsOf(fork));
            Assert.Equal(new RunOrigin(id, (await Engine.DetailsAsync(id)).Image.RunId, row), (await Engine.DetailsAsync(fork)).Image.Origin);
        }

        Assert.Equal(Steps, PathsOf(id).Count());
        Assert.Equal(Steps + 1, (await Engine.HistoryAsync(id)).Last);
    }

    [Fact]
    public async Task A_rewind_to_every_checkpoint_of_a_run_of_30_steps_does_what_is_left_again()
    {
        var id = await CompletedAsync();
        var done = Steps;
        for (var row = 1; row <= Steps; row++)
        {
            await Engine.RewindAsync(id, $"{row}");
            var end = await Engine.EndOfAsync(id);

            Assert.Equal(RunOutcome.Completed, end.Outcome);
            Assert.Equal(Enumerable.Range(row - 1, Steps - row + 1).Select(step => $"t{step}"), PathsOf(id).Skip(done));
            done = PathsOf(id).Count();
        }

        var history = await Engine.HistoryAsync(id);
        Assert.Equal(Enumerable.Range(1, history.Rows.Length).Select(number => (long)number), history.Rows.Select(row => row.Sequence));
        Assert.Equal(history.Last, history.Rows.Length);
        Assert.Equal(Steps, EventsOf(history).OfType<WorkflowEvent.Rewound>().Count());
        Assert.Equal(done, _tasks.Executions.Select(execution => execution.IdempotencyKey).Distinct().Count());
        foreach (var row in history.Rows.Where(row => row.Commits.All(commit => commit.Events.All(e => e is not WorkflowEvent.Completed))))
        {
            Assert.Equal(row.Sequence, (await Engine.CheckpointAsync(id, $"{row.Sequence}")).Sequence);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    public async Task An_id_that_is_none_is_refused_before_anything_is_sent(string id)
    {
        var definition = await Engine.KeepAsync(Definitions.Linear(1));
        await Engine.StartAsync(new WorkflowStart("parent", definition, Payload.Null));
        await Engine.EndOfAsync("parent");

        var start = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(
            () => Engine.StartAsync(new WorkflowStart(id, definition, Payload.Null)));
        var fork = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => Engine.ForkAsync("parent", "1", id));

        Assert.Equal(("bad-id", "bad-id"), (start.Code, fork.Code));
        Assert.Single(_tasks.Executions);
    }

    [Fact]
    public async Task A_rewind_by_name_stops_what_runs_first_and_a_repeat_changes_nothing()
    {
        var gate = _tasks.Hold(execution => execution.Path == "t2");
        var id = await Engine.StartAsync(await Engine.KeepAsync(Definitions.Linear(6)), Payload.Null);
        await _tasks.StartedAsync(id, "t2");
        await Engine.TakeCheckpointAsync(id, "here");
        var late = _tasks.Hold(execution => execution.Path == "t4" && execution.Order < 7);
        gate.Open();
        await _tasks.StartedAsync(id, "t4");
        var command = Guid.CreateVersion7();

        await Engine.RewindAsync(id, "here", command);
        await Engine.RewindAsync(id, "here", command);
        var end = await Engine.EndOfAsync(id);
        await Engine.RewindAsync(id, "here", command);

        Assert.False(late.IsOpen);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(["t0", "t1", "t2", "t3", "t4", "t2", "t3", "t4", "t5"], PathsOf(id));
        Assert.Equal([ExecutionEnd.Cancelled, ExecutionEnd.Returned], _tasks.Of(id, "t4").Select(execution => execution.End));
        var events = EventsOf(await Engine.HistoryAsync(id)).ToList();
        Assert.Single(events.OfType<WorkflowEvent.RewindRequested>());
        Assert.Single(events.OfType<WorkflowEvent.Rewound>());
        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => Engine.RewindAsync(id, "elsewhere"));
        Assert.Equal("checkpoint-not-found", refused.Code);
    }

    [Fact]
    public async Task A_crash_between_the_request_and_the_end_of_a_rewind_loses_nothing()
    {
        var deaf = new TaskCompletionSource();
        _tasks.Do(execution => execution.Path == "t2" && execution.Node == "first", (_, _) => deaf.Task);
        var id = await Engine.StartAsync(await Engine.KeepAsync(Definitions.Linear(4)), Payload.Null);
        await _tasks.StartedAsync(id, "t2");

        await Engine.RewindAsync(id, "2");
        await _host.KillAsync();
        deaf.SetResult();
        _host = await StartAsync("second");
        var end = await Engine.EndOfAsync(id);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(["t0", "t1", "t2", "t1", "t2", "t3"], PathsOf(id));
        var events = EventsOf(await Engine.HistoryAsync(id)).ToList();
        Assert.Single(events.OfType<WorkflowEvent.RewindRequested>());
        Assert.Single(events.OfType<WorkflowEvent.Rewound>());
    }

    [Fact]
    public async Task A_retry_goes_on_from_what_failed_and_from_a_task_on_everything_downstream_runs_again()
    {
        _tasks.Fail(execution => execution.Path == "t2" && execution.Order <= 3, () => new TaskFailure("Boom", "bang", retryable: false));
        var id = await Engine.StartAsync(await Engine.KeepAsync(Definitions.Linear(4)), Payload.Null);
        Assert.Equal(RunOutcome.Failed, (await Engine.EndOfAsync(id)).Outcome);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await Engine.RetryAsync(id, commandId: first);
        await Engine.RetryAsync(id, commandId: first);
        Assert.Equal(RunOutcome.Completed, (await Engine.EndOfAsync(id)).Outcome);
        Assert.Equal(["t0", "t1", "t2", "t2", "t3"], PathsOf(id));
        await Engine.RetryAsync(id, "t1", second);
        await Engine.RetryAsync(id, "t1", second);
        Assert.Equal(RunOutcome.Completed, (await Engine.EndOfAsync(id)).Outcome);

        Assert.Equal(["t1", "t2", "t3"], PathsOf(id).Skip(5));
        Assert.Equal("not-failed", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => Engine.RetryAsync(id))).Code);
        Assert.Equal("task-not-found", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => Engine.RetryAsync(id, "t9"))).Code);
    }

    [Theory]
    [InlineData(ParentClose.Abandon)]
    [InlineData(ParentClose.Cancel)]
    public async Task A_child_that_its_parent_left_is_retried_and_rewound_and_one_that_was_heard_is_not(ParentClose close)
    {
        var broken = true;
        _tasks.Fail(execution => execution.Path == "t1" && broken, () => new TaskFailure("Boom", "bang", retryable: false));
        var kid = await Engine.KeepAsync(Definitions.Linear(2));
        var child = new TaskDefinition { Id = "kid", Kind = new TaskKind.Child("linear-2", null, Payload.Null, close) };
        var fails = new TaskDefinition { Id = "boom", Kind = new TaskKind.Fail("enough") };
        var parent = new WorkflowDefinition { Name = "parent", Tasks = close == ParentClose.Abandon ? [child, fails] : [child] };
        await Engine.StartAsync(new WorkflowStart("p", await Engine.KeepAsync(parent), Payload.Null) { Companions = [kid] });
        Assert.Equal(RunOutcome.Failed, (await Engine.EndOfAsync("p")).Outcome);
        await Eventually.HoldsAsync(async () => await StatusOfAsync("p/kid") is WorkflowReply.Ended, "the child has ended");
        broken = false;
        if (close != ParentClose.Abandon)
        {
            Assert.Equal("consumed", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => Engine.RetryAsync("p/kid"))).Code);
            Assert.Equal("consumed", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => Engine.RewindAsync("p/kid", "1"))).Code);
            Assert.Equal(["t0", "t1"], PathsOf("p/kid"));
            return;
        }

        var command = Guid.CreateVersion7();
        await Engine.RetryAsync("p/kid", commandId: command);
        Assert.Equal(RunOutcome.Completed, (await Engine.EndOfAsync("p/kid")).Outcome);
        await Engine.RetryAsync("p/kid", commandId: command);
        Assert.Equal(["t0", "t1", "t1"], PathsOf("p/kid"));

        await Engine.RewindAsync("p/kid", "2");
        Assert.Equal(RunOutcome.Completed, (await Engine.EndOfAsync("p/kid")).Outcome);
        Assert.Equal(["t0", "t1", "t1", "t1"], PathsOf("p/kid"));
    }

    [Fact]
    public async Task A_child_whose_parent_was_purged_is_retried()
    {
        var broken = true;
        _tasks.Fail(execution => broken, () => new TaskFailure("Boom", "bang", retryable: false));
        var kid = await Engine.KeepAsync(Definitions.Linear(1));
        var parent = new WorkflowDefinition { Name = "parent", Tasks = [new() { Id = "kid", Kind = new TaskKind.Child("linear-1", null, Payload.Null, ParentClose.Cancel) }] };
        await Engine.StartAsync(new WorkflowStart("p", await Engine.KeepAsync(parent), Payload.Null) { Companions = [kid] });
        await Engine.EndOfAsync("p");
        await Eventually.HoldsAsync(
            async () => await _store.Index.GetAsync("p") is { Closed: not null } row
                && (await _store.Purge.PurgeAsync([new("p", row.RunId, row.Sequence, 1)], DateTimeOffset.UtcNow)).Purged == 1,
            "the parent is purged");
        await Eventually.HoldsAsync(async () => await StatusOfAsync("p") is null, "nobody knows the parent");
        broken = false;

        await Engine.RetryAsync("p/kid");

        Assert.Equal(RunOutcome.Completed, (await Engine.EndOfAsync("p/kid")).Outcome);
        Assert.Equal(["t0", "t0"], PathsOf("p/kid"));
    }

    /// <summary>A child begins a moment after its parent asked for it; until then nobody knows it.</summary>
    private async Task<WorkflowReply?> StatusOfAsync(string id)
    {
        try
        {
            return await Engine.StatusOfAsync(id);
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "workflow-not-found")
        {
            return null;
        }
    }

    private async Task<string> CompletedAsync()
    {
        var definition = Definitions.Linear(Steps) with { CheckpointEvery = 5 };
        var id = await Engine.StartAsync(await Engine.KeepAsync(definition), Payload.Null);
        Assert.Equal(RunOutcome.Completed, (await Engine.EndOfAsync(id)).Outcome);
        return id;
    }

    private IEnumerable<string> PathsOf(string id) =>
        _tasks.Executions.Where(execution => execution.WorkflowId == id).Select(execution => execution.Path);

    private static IEnumerable<WorkflowEvent> EventsOf(WorkflowReply.History history) =>
        history.Rows.SelectMany(row => row.Commits).SelectMany(commit => commit.Events);

    private Task<TestHost> StartAsync(string name) => TestHost.StartAsync(name, _tasks, store: _store);
}
