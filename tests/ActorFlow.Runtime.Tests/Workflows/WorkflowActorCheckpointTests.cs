using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorCheckpointTests : WorkflowActorTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_checkpoint_is_taken_every_so_many_events_after_the_row_that_reaches_them(int every)
    {
        await StartAsync(Definitions.Linear(12) with { CheckpointEvery = every, CheckpointKeep = 100 });
        Steps(11);

        var expected = new List<long>();
        var events = 0;
        foreach (var (number, row) in Journal.RowsOf(Id).Index())
        {
            events += row.Commits.Sum(commit => commit.Events.Length);
            if (events >= every)
            {
                expected.Add(number + 1);
                events = 0;
            }
        }

        await Eventually.HoldsAsync(() => Snapshots.KeptOf(Id).SequenceEqual(expected), "the checkpoints are kept");
        Assert.Equal(expected, Snapshots.Asked);
        Assert.All(expected, number => Assert.Equal(number, Snapshots.Read(Id, number).Sequence));
    }

    [Fact]
    public async Task Failure_rule_04_a_checkpoint_holds_the_run_as_the_row_of_its_number_left_it()
    {
        var definition = Definitions.Fan(6) with { CheckpointEvery = 1, CheckpointKeep = 100 };
        await StartAsync(definition);
        var orders = ExpectOffer().Orders;
        Journal.Hold();
        Tell(ReportOf(orders[0]));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");
        var before = Snapshots.Asked.Count;
        foreach (var order in orders[1..])
        {
            Tell(ReportOf(order));
        }

        ExpectSilence(Client);
        Assert.Equal(before, Snapshots.Asked.Count);
        Journal.Release();
        Client.ReceiveN(6);
        Settle();

        await AskedAsync([1L, 2, 3]);
        await Eventually.HoldsAsync(() => Snapshots.KeptOf(Id).Count == 3, "the checkpoints are kept");
        var plan = (await Plans.LoadAsync(definition.ToReference().Hash))!;
        foreach (var number in Snapshots.Asked)
        {
            var commits = Journal.RowsOf(Id).Take((int)number).SelectMany(row => row.Commits);
            var state = commits.Aggregate(WorkflowState.Initial(plan), WorkflowDecider.Evolve);
            Assert.Equal(Describe(((WorkflowState.Open)state).ToImage()), Describe(Snapshots.Read(Id, number).State));
        }
    }

    [Fact]
    public async Task A_checkpoint_is_taken_when_the_last_one_is_as_old_as_the_interval_and_something_has_happened_since()
    {
        await StartAsync(Definitions.Linear(3) with { CheckpointInterval = TimeSpan.FromMinutes(1) });
        Assert.Empty(Snapshots.Asked);

        Advance(TimeSpan.FromMinutes(1));
        Settle();
        await AskedAsync([1L]);

        Advance(TimeSpan.FromMinutes(10));
        Settle();
        await AskedAsync([1L]);

        Steps(1);
        await AskedAsync([1L, 2]);
    }

    [Fact]
    public async Task An_interval_that_ends_during_a_write_waits_for_it()
    {
        await StartAsync(Definitions.Linear(3) with { CheckpointInterval = TimeSpan.FromMinutes(1) });
        var order = ExpectOffer().Orders[0];
        Journal.Hold();
        Tell(ReportOf(order));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");

        Advance(TimeSpan.FromMinutes(1));
        ExpectSilence(Client);
        Assert.Empty(Snapshots.Asked);
        Journal.Release();
        Client.ExpectMsg<ReportAcknowledged>();
        Settle();

        await AskedAsync([2L]);
    }

    [Fact]
    public async Task A_named_checkpoint_is_answered_once_it_is_stored_and_a_repeat_joins_it()
    {
        await StartAsync(Definitions.Linear(2));
        Snapshots.Hold();
        var take = new WorkflowCommand.TakeCheckpoint(Id, Guid.CreateVersion7(), "here");

        Tell(take);
        Tell(take);
        Settle();
        ExpectSilence(Client);
        await AskedAsync([2L]);
        Snapshots.Release();
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Client.ExpectMsg<WorkflowReply.Accepted>();

        Tell(take);
        Client.ExpectMsg<WorkflowReply.Accepted>();
        await AskedAsync([2L]);
        Assert.Equal(["here"], Snapshots.Read(Id, 2).Named.Select(named => named.Name));
    }

    [Fact]
    public async Task A_timer_during_the_write_of_a_named_checkpoint_answers_nobody_early()
    {
        await StartAsync(Definitions.Linear(2) with { CheckpointInterval = TimeSpan.FromMinutes(1) });
        Snapshots.Hold();
        Journal.Hold();
        Tell(new WorkflowCommand.TakeCheckpoint(Id, Guid.CreateVersion7(), "here"));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");

        Advance(TimeSpan.FromMinutes(1));
        ExpectSilence(Client);
        Journal.Release();
        Settle();
        ExpectSilence(Client);
        Snapshots.Release();

        Client.ExpectMsg<WorkflowReply.Accepted>();
    }

    [Fact]
    public async Task A_store_that_fails_is_told_to_whoever_asked_and_the_run_goes_on()
    {
        await StartAsync(Definitions.Linear(3) with { CheckpointEvery = 1 });
        await Eventually.HoldsAsync(() => Snapshots.KeptOf(Id).Count == 1, "the first is kept");
        Snapshots.Fails = true;

        Tell(new WorkflowCommand.TakeCheckpoint(Id, Guid.CreateVersion7(), "here"));
        var refused = Client.ExpectMsg<WorkflowReply.Refused>();
        Assert.Equal("unavailable", refused.Code);
        Assert.Contains("The disk is full.", refused.Reason, StringComparison.Ordinal);
        Steps(1);
        await Eventually.HoldsAsync(() => Details().CheckpointFailure?.Contains("The disk is full.", StringComparison.Ordinal) == true, "the failure is told");

        Snapshots.Fails = false;
        Steps(1);
        await Eventually.HoldsAsync(() => Details().CheckpointFailure is null, "the trouble is over");
        Steps(1);
        Assert.Equal(RunOutcome.Completed, Assert.IsType<WorkflowReply.Ended>(Settle()).Outcome);
    }

    [Fact]
    public async Task A_task_that_asks_for_a_checkpoint_ends_its_row()
    {
        var fan = Definitions.Fan(3);
        await StartAsync(fan with
        {
            Tasks =
            [
                new() { Id = "first", Checkpoint = true, Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject) },
                new() { Id = "second", Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject) },
                new() { Id = "third", Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject) },
            ],
        });
        var orders = ExpectOffer().Orders.OrderBy(order => order.Path, StringComparer.Ordinal).ToList();
        Journal.Hold();
        Tell(new WorkflowCommand.Signal(Id, Guid.CreateVersion7(), "none", Payload.Null));
        Tell(ReportOf(orders[1]));
        Client.ExpectMsg<WorkflowReply.Refused>();
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");
        Tell(ReportOf(orders[0]));
        Tell(ReportOf(orders[2]));
        Settled(Journal.Release);

        Assert.Equal([1, 1, 1, 1], Journal.RowsOf(Id).Select(row => row.Commits.Length));
        await AskedAsync([3L]);
        await Eventually.HoldsAsync(() => Snapshots.KeptOf(Id).SequenceEqual([3L]), "it is kept");
        Assert.Equal([("first", 3L)], Snapshots.Read(Id, 3).Named.Select(named => (named.Name, named.Sequence)));
    }

    [Fact]
    public async Task Only_the_last_ones_without_a_name_are_kept_and_all_named_ones_also_across_restarts()
    {
        await StartAsync(Definitions.Linear(12) with { CheckpointEvery = 1, CheckpointKeep = 2 });
        Steps(3);
        TakeNamed("early");
        Steps(2);
        Stop();
        Incarnate();
        Settle();
        Steps(2);
        TakeNamed("late");
        Steps(2);

        var last = Journal.RowsOf(Id).Count;
        await Eventually.HoldsAsync(() => Snapshots.KeptOf(Id).SequenceEqual([5L, last - 2, last - 1, last]), "the named ones and the last two are kept");
        Run.Tell(new WorkflowQuery.GetCheckpoints(Id), Client);
        var all = Client.ExpectMsg<WorkflowReply.Checkpoints>().All;
        Assert.Equal([(last, null), (last - 1, null), (last - 2, "late"), (5L, "early")], all.Select(one => (one.Sequence, one.Name)));
        Assert.All(all, one => Assert.True(one.Bytes > 0));
    }

    [Fact]
    public async Task A_recovery_reads_the_newest_checkpoint_and_only_the_rows_behind_it()
    {
        await StartAsync(Definitions.Linear(12) with { CheckpointEvery = 1_000 });
        Steps(7);
        TakeNamed("here");
        Steps(2);
        var before = ReadDetails();
        Crash();
        var replayed = Journal.Replayed;

        Incarnate();
        var after = ReadDetails();

        Assert.Equal(2, Journal.Replayed - replayed);
        Assert.Equal(before, after);
        Assert.Equal("t9", ExpectOffer().Orders[0].Path);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_recovery_passes_over_checkpoints_that_cannot_be_read(int unreadable)
    {
        await StartAsync(Definitions.Linear(12) with { CheckpointEvery = 1_000 });
        foreach (var name in new[] { "one", "two", "three" })
        {
            Steps(1);
            TakeNamed(name);
        }

        var before = ReadDetails();
        Crash();
        foreach (var number in Snapshots.KeptOf(Id).Reverse().Take(unreadable))
        {
            Snapshots.Damage(Id, number);
        }

        var replayed = Journal.Replayed;
        Incarnate();

        Assert.Equal(before, ReadDetails());
        Assert.Equal(unreadable == 3 ? 7 : 2 * unreadable, Journal.Replayed - replayed);
    }

    [Fact]
    public async Task A_checkpoint_that_leads_nowhere_is_done_without_until_a_better_one_is_stored()
    {
        var definition = Definitions.Linear(12) with { CheckpointEvery = 1_000 };
        await StartAsync(definition);
        Steps(2);
        TakeNamed("here");
        var early = Snapshots.Read(Id, 4);
        Steps(3);
        TakeNamed("there");
        Steps(1);
        var before = ReadDetails();
        Crash();
        // What it holds is that of the row 4, and what happens in row 9 cannot follow.
        Snapshots.Put(Id, early with { Sequence = 8 });
        var replayed = Journal.Replayed;

        Incarnate();

        Assert.Equal(before, ReadDetails());
        Assert.Equal(1 + 9, Journal.Replayed - replayed);
        TakeNamed("anew");
        Crash();
        replayed = Journal.Replayed;
        Incarnate();
        Settle();
        Assert.Equal(0, Journal.Replayed - replayed);
    }

    [Fact]
    public async Task What_was_is_read_as_it_was_at_every_row()
    {
        var definition = Definitions.Linear(100) with { CheckpointEvery = 60, CheckpointKeep = 3 };
        await StartAsync(definition);
        for (var i = 0; i < 99; i++)
        {
            Steps(1);
            if (i % 25 == 0)
            {
                TakeNamed($"named {i}");
            }
        }

        var plan = (await Plans.LoadAsync(definition.ToReference().Hash))!;
        var state = WorkflowState.Initial(plan);
        foreach (var (index, row) in Journal.RowsOf(Id).Index())
        {
            state = row.Commits.Aggregate(state, WorkflowDecider.Evolve);
            Run.Tell(new WorkflowQuery.GetCheckpoint(Id, $"{index + 1}"), Client);
            var past = Client.ExpectMsg<WorkflowReply.Checkpoint>();
            Assert.Equal(index + 1, past.Sequence);
            Assert.Equal(Describe(((WorkflowState.Open)state).ToImage()), Describe(past.Image));
        }

        Run.Tell(new WorkflowQuery.GetCheckpoint(Id, "named 50"), Client);
        Client.ExpectMsg<WorkflowReply.Checkpoint>();
        Run.Tell(new WorkflowQuery.GetCheckpoint(Id, "100000"), Client);
        Assert.Equal("checkpoint-not-found", Client.ExpectMsg<WorkflowReply.Refused>().Code);
        Run.Tell(new WorkflowQuery.GetHistory(Id, 3, 10), Client);
        var history = Client.ExpectMsg<WorkflowReply.History>();
        Assert.Equal(Enumerable.Range(3, 10).Select(number => (long)number), history.Rows.Select(row => row.Sequence));
        Assert.Equal(Journal.RowsOf(Id).Count, history.Last);
        Assert.Equal(Journal.RowsOf(Id).Skip(2).Take(10).SelectMany(row => row.Commits), history.Rows.SelectMany(row => row.Commits));
    }

    /// <summary>The store has been asked to keep these, and no others.</summary>
    private Task AskedAsync(params long[] numbers) => Eventually.HoldsAsync(
        () => Snapshots.Asked.Count >= numbers.Length && Snapshots.Asked.SequenceEqual(numbers), $"the store is asked for {string.Join(' ', numbers)}");

    private static string Describe(RunImage image) => Wire.Description.Of(image);

    private string ReadDetails() => Describe(Details().Image);

    private WorkflowReply.Details Details()
    {
        var asker = CreateTestProbe();
        Run.Tell(new WorkflowQuery.GetDetails(Id), asker);
        return asker.ExpectMsg<WorkflowReply.Details>();
    }

    private void TakeNamed(string name)
    {
        var asker = CreateTestProbe();
        Run.Tell(new WorkflowCommand.TakeCheckpoint(Id, Guid.CreateVersion7(), name), asker);
        asker.ExpectMsg<WorkflowReply.Accepted>();
    }

    private void Settled(Action act)
    {
        act();
        Settle();
        Settle();
    }

    /// <summary>The next steps of a linear run are done.</summary>
    private void Steps(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            var offer = (Offer)Queues.FishForMessage(message => message is Offer);
            Acknowledge(offer, queue: Queues);
            var worker = CreateTestProbe();
            Run.Tell(ReportOf(offer.Orders[0]), worker);
            worker.ExpectMsg<ReportAcknowledged>();
        }

        Settle();
    }
}
