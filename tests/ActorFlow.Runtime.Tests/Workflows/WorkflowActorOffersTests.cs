using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorOffersTests : WorkflowActorTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_recovery_offers_everything_outstanding_again_under_the_same_names()
    {
        await StartAsync(Definitions.Fan(5));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);
        Tell(ReportOf(offered.Orders[2]));
        Client.ExpectMsg<ReportAcknowledged>();
        Stop();

        Incarnate();

        Assert.Equal(
            offered.Orders.RemoveAt(2).Select(order => order.Attempt).ToHashSet(),
            Queues.ExpectMsg<Offer>().Orders.Select(order => order.Attempt).ToHashSet());
    }

    [Fact]
    public async Task Failure_rule_09_unacknowledged_offers_are_repeated_ever_more_slowly()
    {
        await StartAsync(Definitions.Linear(1));
        var attempt = Queues.ExpectMsg<Offer>().Orders[0].Attempt;

        foreach (var pause in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(100));
            Settle();
            ExpectSilence(Queues);
            Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(attempt, Queues.ExpectMsg<Offer>().Orders[0].Attempt);
            Settle();
        }
    }

    [Fact]
    public async Task Failure_rule_09_acknowledged_offers_are_confirmed_every_minute_through_the_region()
    {
        await StartAsync(Definitions.Linear(1));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);
        Run.Tell(new AttemptsLeased(offered.Queue, 1, Id, [offered.Orders[0].Attempt]), Queue);
        Settle();

        AdvanceBySeconds(58);
        ExpectSilence(Queues, Queue);
        AdvanceBySeconds(40);

        Assert.Equal(offered.Orders[0].Attempt, Queues.ExpectMsg<Offer>().Orders[0].Attempt);
    }

    [Fact]
    public async Task Failure_rule_10_an_unknown_epoch_makes_the_run_offer_again()
    {
        await StartAsync(Definitions.Fan(2));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);
        Run.Tell(new AttemptsLeased(offered.Queue, 1, Id, [offered.Orders[0].Attempt]), Queue);
        Settle();

        Run.Tell(new OfferAcknowledged(offered.Queue, 2, [], []), Queue);

        Assert.Equal(
            offered.Orders.Select(order => order.Attempt).ToHashSet(),
            Queue.ExpectMsg<Offer>().Orders.Select(order => order.Attempt).ToHashSet());
    }

    [Fact]
    public async Task Failure_rule_09_a_queue_that_is_gone_makes_the_run_offer_again_through_the_region()
    {
        await StartAsync(Definitions.Fan(2));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);
        Settle();

        Sys.Stop(Queue.Ref);

        Assert.Equal(2, Queues.ExpectMsg<Offer>().Orders.Length);
    }

    [Fact]
    public async Task Failure_rule_09_what_was_on_its_way_to_a_queue_that_is_gone_is_offered_again_at_once()
    {
        await StartAsync(Definitions.Linear(2));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);
        Tell(ReportOf(offered.Orders[0]));
        var second = Queue.ExpectMsg<Offer>();

        Sys.Stop(Queue.Ref);

        Assert.Equal(second.Orders[0].Attempt, Queues.ExpectMsg<Offer>().Orders[0].Attempt);
    }

    [Fact]
    public async Task Failure_rule_20_at_most_256_attempts_wait_in_a_queue_and_leases_make_room_for_more()
    {
        await StartAsync(Definitions.Fan(300));
        var offered = Queues.ExpectMsg<Offer>();
        Assert.Equal(256, offered.Orders.Length);
        Acknowledge(offered);
        Settle();
        ExpectSilence(Queues, Queue);

        Run.Tell(new AttemptsLeased(offered.Queue, 1, Id, [.. offered.Orders.Take(10).Select(order => order.Attempt)]), Queue);

        Assert.Equal(10, Queue.ExpectMsg<Offer>().Orders.Length);
    }

    [Fact]
    public async Task Failure_rule_20_results_make_room_for_more()
    {
        await StartAsync(Definitions.Fan(300));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);

        foreach (var order in offered.Orders.Take(20))
        {
            Tell(ReportOf(order));
        }

        Client.ReceiveN(20);
        for (var offeredNow = 0; offeredNow < 20;)
        {
            offeredNow += Queue.ExpectMsg<Offer>().Orders.Length;
            Assert.InRange(offeredNow, 1, 20);
        }

        ExpectSilence(Queue);
    }

    [Fact]
    public async Task Failure_rule_20_what_a_full_queue_deferred_is_offered_when_it_grants()
    {
        await StartAsync(Definitions.Fan(5));
        var offered = Queues.ExpectMsg<Offer>();
        var attempts = offered.Orders.Select(order => order.Attempt).ToList();
        Run.Tell(new OfferAcknowledged(offered.Queue, 1, [.. attempts[..2]], [.. attempts[2..]]), Queue);
        Settle();
        Advance(Second * 5);
        Settle();
        ExpectSilence(Queue, Queues);

        Run.Tell(new OfferGranted(offered.Queue, 1, Id, 2), Queue);

        var granted = Queue.ExpectMsg<Offer>().Orders;
        Assert.Equal(2, granted.Length);
        Assert.All(granted, order => Assert.Contains(order.Attempt, attempts[2..]));
    }

    [Fact]
    public async Task Failure_rule_20_inputs_are_spread_over_several_messages()
    {
        var large = new string('x', 31_000);
        await StartAsync(new()
        {
            Name = "large",
            Tasks =
            [
                new() { Id = "each", ForEach = Payload.From(Enumerable.Range(0, 20)), Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.FromString(large)) },
            ],
        });

        var offers = Enumerable.Range(0, 3).Select(_ => Queues.ExpectMsg<Offer>()).ToList();

        Assert.Equal([9, 9, 2], offers.Select(offer => offer.Orders.Length));
        Assert.All(offers.SelectMany(offer => offer.Orders), order => Assert.Equal((31_002, 0), (order.Input.Length, order.WithheldBytes)));
    }

    [Fact]
    public async Task Failure_rule_08_a_withdrawal_is_repeated_until_the_attempt_has_ended()
    {
        await StartAsync(Definitions.Fan(3));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);
        Tell(new WorkflowCommand.Cancel(Id, Guid.CreateVersion7(), "enough"));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal(3, Queue.ExpectMsg<Withdraw>().Attempts.Length);

        Tell(ReportOf(offered.Orders[0], TaskOutcome.Cancelled.Instance));
        Client.ExpectMsg<ReportAcknowledged>();
        Settle();
        AdvanceBySeconds(3);
        var again = Queue.ExpectMsg<Withdraw>();
        Assert.Equal(2, again.Attempts.Length);
        Assert.DoesNotContain(offered.Orders[0].Attempt, again.Attempts);

        foreach (var order in offered.Orders[1..])
        {
            Tell(ReportOf(order, TaskOutcome.Cancelled.Instance));
        }

        Client.ReceiveN(2);
        Assert.Equal(RunOutcome.Cancelled, Assert.IsType<WorkflowReply.Ended>(Ended()).Outcome);
    }

    [Fact]
    public async Task Failure_rule_08_an_attempt_of_before_a_recovery_that_nobody_knows_counts_as_unknown_and_is_compensated()
    {
        await StartAsync(Definitions.Charged());
        var charge = Queues.ExpectMsg<Offer>();
        Acknowledge(charge);
        Incarnate(new WorkflowCommand.Cancel(Id, Guid.CreateVersion7(), "enough"));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Queues.FishForMessage(message => message is Withdraw, TimeSpan.FromSeconds(20));

        Tell(ReportOf(charge.Orders[0], TaskOutcome.Cancelled.Instance));

        var undo = (Offer)Queues.FishForMessage(
            message => message is Offer offer && offer.Orders[0].Attempt.Execution.Scope < 0, TimeSpan.FromSeconds(20));
        Assert.Equal("charge!compensate", undo.Orders[0].Path);
    }

    [Fact]
    public async Task An_attempt_that_ends_while_its_offer_is_on_the_way_is_taken_back_behind_the_offer()
    {
        await StartAsync(Definitions.Linear(2));
        var offered = Queues.ExpectMsg<Offer>();

        Tell(ReportOf(offered.Orders[0]));

        Assert.Equal(offered.Orders[0].Attempt, Assert.Single(Queues.ExpectMsg<Withdraw>().Attempts));
        Assert.Equal("t1", Queues.ExpectMsg<Offer>().Orders[0].Path);
    }

    [Fact]
    public async Task A_terminated_run_takes_back_what_it_offered()
    {
        await StartAsync(Definitions.Fan(3));
        Acknowledge(Queues.ExpectMsg<Offer>());

        Tell(new WorkflowCommand.Terminate(Id, Guid.CreateVersion7(), "now"));

        Assert.Equal(3, Queue.ExpectMsg<Withdraw>().Attempts.Length);
        Shard.ExpectMsg<Akka.Cluster.Sharding.Passivate>();
    }

    [Fact]
    public async Task A_lost_attempt_is_offered_again_under_its_name()
    {
        await StartAsync(Definitions.Linear(1));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);

        Tell(ReportOf(offered.Orders[0], TaskOutcome.Lost.Instance));
        Client.ExpectMsg<ReportAcknowledged>();

        Assert.Equal(offered.Orders[0].Attempt, Queue.ExpectMsg<Offer>().Orders[0].Attempt);
    }

    [Fact]
    public async Task The_status_says_for_which_handler_a_run_waits_until_its_queue_says_otherwise()
    {
        await StartAsync(Definitions.Linear(1));
        var offered = Queues.ExpectMsg<Offer>();
        Acknowledge(offered);
        Assert.Empty(WaitingFor());

        Run.Tell(new HandlersMissing(offered.Queue, 1, Id, [TaskRecorder.HandlerName]), Queue);
        Assert.Equal([$"a worker that offers {TaskRecorder.HandlerName}"], WaitingFor());
        Run.Tell(new HandlersMissing(offered.Queue, 7, Id, []), Queue);
        Assert.Single(WaitingFor());
        Run.Tell(new HandlersMissing(offered.Queue, 1, Id, []), Queue);
        Assert.Empty(WaitingFor());

        Run.Tell(new HandlersMissing(offered.Queue, 1, Id, [TaskRecorder.HandlerName]), Queue);
        Run.Tell(new OfferAcknowledged(offered.Queue, 2, [], []), Queue);
        Assert.Empty(WaitingFor());
        Assert.Single(Journal.RowsOf(Id));

        IEnumerable<string> WaitingFor() => Assert.IsType<WorkflowReply.Status>(Settle()).WaitingFor;
    }

    private WorkflowReply Ended()
    {
        Incarnate(new WorkflowQuery.AwaitEnd(Id));
        return Client.ExpectMsg<WorkflowReply>();
    }

    private void AdvanceBySeconds(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Advance(Second);
            Settle();
        }
    }
}
