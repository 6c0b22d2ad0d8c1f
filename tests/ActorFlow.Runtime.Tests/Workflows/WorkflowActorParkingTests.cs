using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Tasks;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorParkingTests : WorkflowActorTest
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(10);

    private readonly TestProbe _index;

    public WorkflowActorParkingTests()
    {
        _index = CreateTestProbe("index");
        Equip = services => services with { IndexWriter = _index };
    }

    private static TaskDefinition Task => new() { Id = "t", Needs = [new("wait", null)], Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject) };

    private static WorkflowDefinition Waiting(TaskKind kind, TimeSpan? timeout = null) =>
        new() { Name = "waiting", Tasks = [new() { Id = "wait", Kind = kind, Timeout = timeout }, Task] };

    private static readonly WorkflowDefinition Signalled = Waiting(new TaskKind.Signal("go", null));

    private static readonly WorkflowDefinition Asking = Waiting(new TaskKind.Ask(AskKind.Approval, "Well?", null, null, null, null));

    public static TheoryData<string> Waits => ["signal", "ask", "delay"];

    private static WorkflowDefinition Of(string wait) => wait switch
    {
        "signal" => Signalled,
        "ask" => Asking,
        _ => Waiting(new TaskKind.Delay("3h")),
    };

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task Failure_rule_14_a_run_that_only_waits_takes_a_checkpoint_and_leaves(string wait)
    {
        await StartAsync(Of(wait));
        var row = Acknowledge();
        Assert.Equal(WorkflowStatus.Waiting, row.Status);
        Assert.Equal(wait == "delay" ? Clock.GetUtcNow() + TimeSpan.FromHours(3) : null, row.WakeAt);
        ExpectSilence(Shard);
        Snapshots.Hold();

        Advance(After);
        Settled();
        await Eventually.HoldsAsync(() => Snapshots.Asked.SequenceEqual([1L]), "a checkpoint is asked for");
        ExpectSilence(Shard);
        Snapshots.Release();

        // The question in between kept it a while.
        Advance(After);
        Assert.Equal(StopWorkflow.Instance, Shard.ExpectMsg<Passivate>().StopMessage);
        Assert.Single(Snapshots.Asked);
        Stop();
        Assert.Single(Journal.RowsOf(Id));
        ExpectSilence(Region, Shard);
    }

    [Fact]
    public async Task Failure_rule_14_it_leaves_without_a_checkpoint_if_none_can_be_stored()
    {
        await StartAsync(Signalled);
        Acknowledge();
        Snapshots.Fails = true;

        Advance(After);

        Shard.ExpectMsg<Passivate>();
        Assert.Empty(Snapshots.KeptOf(Id));
    }

    [Fact]
    public async Task Failure_rule_14_an_attempt_keeps_it_in_memory()
    {
        await StartAsync(Signalled with { Tasks = [Signalled.Tasks[0], Task with { Needs = [] }] });
        var order = ExpectOffer().Orders[0];
        Acknowledge();
        Advance(After);
        Advance(After);
        Settled();
        ExpectSilence(Shard);

        Tell(ReportOf(order));
        Client.ExpectMsg<ReportAcknowledged>();
        Acknowledge();
        Advance(After);
        Shard.ExpectMsg<Passivate>();
    }

    [Theory]
    [InlineData("119s", false)]
    [InlineData("140s", true)]
    public async Task Failure_rule_14_what_falls_due_within_two_minutes_is_waited_for_in_memory(string delay, bool leaves)
    {
        await StartAsync(Waiting(new TaskKind.Delay(delay)));
        var row = Acknowledge();

        Advance(After);

        if (leaves)
        {
            Shard.ExpectMsg<Passivate>();
            Assert.NotNull(row.WakeAt);
            return;
        }

        Settled();
        ExpectSilence(Shard);
        Assert.Null(row.WakeAt);
        Advance(TimeSpan.FromSeconds(109));
        Assert.Equal("t", ExpectOffer().Orders[0].Path);
    }

    [Fact]
    public async Task Failure_rule_14_a_row_that_is_not_acknowledged_keeps_it_in_memory_and_is_repeated_every_5_seconds()
    {
        await StartAsync(Signalled);
        var first = _index.ExpectMsg<IndexRowChanged>();
        ExpectSilence(_index);

        for (var i = 0; i < 6; i++)
        {
            Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(first, _index.ExpectMsg<IndexRowChanged>());
            ExpectSilence(_index);
        }

        ExpectSilence(Shard);
        Run.Tell(new IndexRowWritten(Id, first.Row.Sequence), _index);
        Settled();
        Advance(After);
        Shard.ExpectMsg<Passivate>();
        ExpectSilence(_index);
    }

    [Fact]
    public async Task Failure_rule_14_a_write_in_flight_keeps_it_in_memory()
    {
        await StartAsync(Signalled);
        Acknowledge();
        Journal.Hold();
        Tell(new WorkflowCommand.Pause(Id, Guid.CreateVersion7()));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");

        Advance(After);
        ExpectSilence(Shard);
        Journal.Release();

        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal(WorkflowStatus.Paused, Acknowledge().Status);
        Advance(After);
        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public async Task Failure_rule_14_a_child_that_has_not_answered_keeps_it_in_memory()
    {
        var child = Definitions.Linear(1);
        await Plans.KeepAsync(child);
        var definition = Waiting(new TaskKind.Child(child.Name, null, Payload.Null, ParentClose.Cancel));
        await Plans.KeepAsync(definition);
        Incarnate(StartOf(definition) with { Companions = [child.ToReference()] });
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Acknowledge();
        Region.ExpectMsg<WorkflowCommand.Start>();
        Advance(After);
        Settled();
        ExpectSilence(Shard);

        Run.Tell(new WorkflowReply.Accepted($"{Id}/wait"), Region);
        Advance(After);
        Shard.ExpectMsg<Passivate>();
        Stop();
        // Started anew under the same names when it comes back: that may be the one that counts.
        var start = Assert.IsType<WorkflowCommand.Start>(Region.FishForMessage(message => message is WorkflowCommand.Start));
        Incarnate();
        var again = Assert.IsType<WorkflowCommand.Start>(Region.FishForMessage(message => message is WorkflowCommand.Start));
        Assert.Equal((start.CommandId, start.RunId, start.Parent), (again.CommandId, again.RunId, again.Parent));
    }

    [Fact]
    public async Task Failure_rule_14_whoever_waits_for_its_end_keeps_it_in_memory_for_a_minute_and_no_longer()
    {
        await StartAsync(Signalled);
        Acknowledge();
        Tell(new WorkflowQuery.AwaitEnd(Id));
        Settled();
        for (var i = 0; i < 6; i++)
        {
            Advance(After);
            Settled();
        }

        ExpectSilence(Shard);
        Advance(After);
        Shard.ExpectMsg<Passivate>();
        Run.Tell(StopWorkflow.Instance);

        // Nobody is handed on: that would wake it again.
        Shard.ExpectMsg<Stopped>();
    }

    [Fact]
    public async Task Somebody_who_asks_while_it_leaves_only_puts_it_off()
    {
        await StartAsync(Signalled);
        Acknowledge();
        Snapshots.Hold();
        Advance(After);
        await Eventually.HoldsAsync(() => Snapshots.Asked.Count == 1, "it is about to leave");
        Settled();
        Snapshots.Release();
        await Eventually.HoldsAsync(() => Snapshots.KeptOf(Id).Count == 1, "the checkpoint is kept");
        Settled();
        ExpectSilence(Shard);

        Advance(After);

        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public async Task Failure_rule_14_nothing_is_decided_after_it_has_asked_to_leave_and_nothing_is_lost()
    {
        await StartAsync(Signalled);
        Acknowledge();
        Advance(After);
        Shard.ExpectMsg<Passivate>();
        object[] late =
        [
            new WorkflowCommand.Signal(Id, Guid.CreateVersion7(), "go", Payload.Null),
            new WorkflowCommand.Tick(Id),
            new WorkflowQuery.GetStatus(Id),
            new WorkflowQuery.GetCheckpoint(Id, "1"),
            new RewindTo(Id, Guid.CreateVersion7(), "1"),
            new WorkflowCommand.Cancel(Id, Guid.CreateVersion7(), "late"),
        ];

        foreach (var message in late)
        {
            Tell(message);
        }

        foreach (var message in late)
        {
            Assert.Same(message, Shard.ReceiveOne(TimeSpan.FromSeconds(20)));
            Assert.Equal(Client.Ref, Shard.LastSender);
        }

        ExpectSilence(Client, Queues);
        Stop();
        Assert.Single(Journal.RowsOf(Id));
    }

    [Theory]
    [InlineData("signal")]
    [InlineData("answer")]
    [InlineData("tick")]
    [InlineData("cancel")]
    public async Task A_parked_run_is_woken_from_its_checkpoint(string by)
    {
        await StartAsync(by switch { "answer" => Asking, "tick" => Waiting(new TaskKind.Delay("3h")), _ => Signalled });
        Acknowledge();
        Advance(After);
        Shard.ExpectMsg<Passivate>();
        Stop();
        Clock.Advance(TimeSpan.FromHours(3));
        var replayed = Journal.Replayed;

        Incarnate(by switch
        {
            "signal" => new WorkflowCommand.Signal(Id, Guid.CreateVersion7(), "go", Payload.Null),
            "answer" => new WorkflowCommand.Answer(Id, Guid.CreateVersion7(), "wait", Payload.From(true), "ada", null),
            "tick" => new WorkflowCommand.Tick(Id),
            _ => new WorkflowCommand.Cancel(Id, Guid.CreateVersion7(), "enough"),
        });

        if (by == "cancel")
        {
            Client.ExpectMsg<WorkflowReply.Accepted>();
            Assert.Equal(RunOutcome.Cancelled, Assert.IsType<WorkflowReply.Ended>(Settle()).Outcome);
        }
        else
        {
            Assert.Equal("t", ExpectOffer().Orders[0].Path);
        }

        Assert.Equal(0, Journal.Replayed - replayed);
    }

    [Fact]
    public async Task Failure_rule_23_when_the_clock_goes_back_an_hour_nothing_happens_twice_and_nothing_is_lost()
    {
        await StartAsync(Waiting(new TaskKind.Delay("100s")));
        Acknowledge();
        Clock.AdjustTime(Clock.GetUtcNow() - TimeSpan.FromHours(1));
        Timers.Advance(TimeSpan.FromSeconds(100));
        Settled();
        ExpectSilence(Queues);

        Clock.Advance(TimeSpan.FromHours(1));
        Timers.Advance(TimeSpan.FromHours(1));
        Settled();
        ExpectSilence(Queues);
        Advance(TimeSpan.FromSeconds(100));
        Assert.Equal("t", ExpectOffer().Orders[0].Path);

        Clock.AdjustTime(Clock.GetUtcNow() - TimeSpan.FromHours(1));
        Tell(new WorkflowCommand.Tick(Id));
        Settled();
        Advance(TimeSpan.FromHours(2));
        Settled();
        Assert.Equal(2, Journal.RowsOf(Id).Count);
        Assert.Single(Journal.RowsOf(Id).SelectMany(row => row.Commits).SelectMany(commit => commit.Events).OfType<WorkflowEvent.TaskExecutionCompleted>());
    }

    [Fact]
    public async Task Failure_rule_23_a_run_that_is_woken_early_leaves_again_and_is_woken_once_more()
    {
        await StartAsync(Waiting(new TaskKind.Delay("3h")));
        var row = Acknowledge();
        Advance(After);
        Shard.ExpectMsg<Passivate>();
        Stop();
        Clock.Advance(TimeSpan.FromHours(1));

        Incarnate(new WorkflowCommand.Tick(Id));
        Assert.Equal(row.WakeAt, Acknowledge().WakeAt);
        Advance(After);
        Shard.ExpectMsg<Passivate>();
        Stop();
        Clock.Advance(TimeSpan.FromHours(2));
        Incarnate(new WorkflowCommand.Tick(Id));

        Assert.Equal("t", ExpectOffer().Orders[0].Path);
        Assert.Equal(2, Journal.RowsOf(Id).Count);
    }

    [Fact]
    public async Task Rows_are_sent_when_they_say_something_new_and_at_the_end()
    {
        await StartAsync(Signalled);
        Assert.Equal(WorkflowStatus.Waiting, Acknowledge().Status);
        Tell(new WorkflowCommand.Pause(Id, Guid.CreateVersion7()));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal((WorkflowStatus.Paused, 2L), (Acknowledge() is var paused ? (paused.Status, paused.Sequence) : default));
        Tell(new WorkflowCommand.Resume(Id, Guid.CreateVersion7()));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal(WorkflowStatus.Waiting, Acknowledge().Status);
        Tell(new WorkflowCommand.Signal(Id, Guid.CreateVersion7(), "go", Payload.Null));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal(WorkflowStatus.Running, Acknowledge().Status);
        Tell(new WorkflowCommand.Signal(Id, Guid.CreateVersion7(), "go", Payload.Null));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        ExpectSilence(_index);

        Tell(ReportOf(ExpectOffer().Orders[0]));
        Client.ExpectMsg<ReportAcknowledged>();
        var end = _index.ExpectMsg<IndexRowChanged>();
        Assert.Equal((WorkflowStatus.Completed, Clock.GetUtcNow()), (end.Row.Status, end.Row.Closed));
        Assert.Equal(Journal.RowsOf(Id).Count, end.Row.Sequence);
        ExpectSilence(_index, Shard);
        Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(end, _index.ExpectMsg<IndexRowChanged>());
        _index.Reply(new IndexRowWritten(Id, end.Row.Sequence));
        Shard.ExpectMsg<Passivate>();
        ExpectSilence(_index);
    }

    /// <summary>The row that the run sends is in the index.</summary>
    private WorkflowIndexRow Acknowledge()
    {
        var changed = _index.ExpectMsg<IndexRowChanged>();
        _index.Reply(new IndexRowWritten(Id, changed.Row.Sequence));
        Settled();
        return changed.Row;
    }

    private void Settled() => Settle();
}
