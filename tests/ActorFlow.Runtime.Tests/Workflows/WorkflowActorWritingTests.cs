using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorWritingTests : WorkflowActorTest
{
    [Fact]
    public async Task Nothing_is_answered_or_offered_before_it_is_written()
    {
        var definition = Definitions.Linear(1);
        await Plans.KeepAsync(definition);
        Journal.Hold();

        Incarnate(StartOf(definition), new WorkflowQuery.GetStatus(Id));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");
        ExpectSilence(Client, Queues);

        Journal.Release();
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Client.ExpectMsg<WorkflowReply.Status>();
        ExpectOffer();
    }

    [Fact]
    public async Task Commands_that_arrive_during_a_write_are_decided_together_and_written_as_one_row()
    {
        await StartAsync(Definitions.Fan(4));
        var orders = ExpectOffer().Orders;
        Journal.Hold();

        Tell(ReportOf(orders[0]));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");
        foreach (var order in orders[1..])
        {
            Tell(ReportOf(order));
        }

        ExpectSilence(Client);
        Journal.Release();

        Assert.Equal(orders.Select(order => order.Attempt), Client.ReceiveN(4).Cast<ReportAcknowledged>().Select(answer => answer.Attempt));
        Assert.Equal([1, 1, 3], Journal.RowsOf(Id).Select(row => row.Commits.Length));
        Assert.Equal("done", Assert.Single(ExpectOffer().Orders).Path);
    }

    [Fact]
    public async Task A_failed_write_stops_the_actor_and_only_what_was_acknowledged_is_there_afterwards()
    {
        await StartAsync(Definitions.Linear(3));
        Tell(ReportOf(ExpectOffer().Orders[0]));
        Client.ExpectMsg<ReportAcknowledged>();
        var second = ExpectOffer().Orders[0];

        Journal.FailNext();
        Tell(ReportOf(second));
        Shard.ExpectMsg<Stopped>();
        ExpectSilence(Client, Queues);

        Incarnate();
        Assert.Equal(second.Attempt, ExpectOffer().Orders[0].Attempt);
        Tell(ReportOf(second));
        Client.ExpectMsg<ReportAcknowledged>();
        Assert.Equal("t2", ExpectOffer().Orders[0].Path);
    }

    [Fact]
    public async Task Failure_rule_01_a_rejected_write_stops_the_actor_whose_state_is_ahead()
    {
        await StartAsync(Definitions.Linear(2));
        var first = ExpectOffer().Orders[0];

        Journal.RejectNext();
        Tell(ReportOf(first));
        Shard.ExpectMsg<Stopped>();
        ExpectSilence(Client, Queues);

        Incarnate();
        Assert.Equal(first.Attempt, ExpectOffer().Orders[0].Attempt);
    }

    [Fact]
    public async Task Failure_rule_01_an_exception_in_a_decision_costs_that_one_command()
    {
        var definition = Definitions.Linear(2);
        await StartAsync(definition);
        var first = ExpectOffer().Orders[0];

        Roll = () => throw new InvalidOperationException("The dice are gone.");
        Tell(ReportOf(first));
        Client.ExpectMsg<WorkflowReply.Refused>(refused => Assert.Equal("internal", refused.Code));
        Roll = () => 0.5;
        Tell(ReportOf(first));

        Client.ExpectMsg<ReportAcknowledged>();
        Assert.Equal("t1", ExpectOffer().Orders[0].Path);
    }

    [Fact]
    public async Task Failure_rule_17_a_row_takes_no_more_commands_once_it_holds_a_mebibyte()
    {
        await StartAsync(Definitions.Fan(6));
        var orders = ExpectOffer().Orders;
        var large = Payload.FromString(new string('x', 600_000));
        Journal.Hold();

        foreach (var order in orders)
        {
            Tell(ReportOf(order, new TaskOutcome.Succeeded(large)));
        }

        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the first write is asked for");
        Journal.Release();
        Client.ReceiveN(6);

        Assert.All(Journal.RowsOf(Id), row => Assert.InRange(row.Commits.Length, 1, 2));
        Assert.Equal(1 + 6, Journal.RowsOf(Id).Sum(row => row.Commits.Length));
    }

    [Fact]
    public async Task Failure_rule_14_the_stop_waits_for_the_write_in_flight_and_what_came_late_goes_on_to_the_region()
    {
        await StartAsync(Definitions.Fan(2));
        var orders = ExpectOffer().Orders;
        Journal.Hold();
        Tell(ReportOf(orders[0]));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");

        var late = ReportOf(orders[1]);
        Tell(late);
        Run.Tell(StopWorkflow.Instance);
        Tell(new WorkflowQuery.AwaitEnd(Id));
        ExpectSilence(Shard, Client);
        Journal.Release();

        Assert.Equal(orders[0].Attempt, Client.ExpectMsg<ReportAcknowledged>().Attempt);
        Assert.Equal(late, Region.ExpectMsg<WorkflowCommand.Report>());
        Assert.Equal(Client.Ref, Region.LastSender);
        Region.ExpectMsg<WorkflowQuery.AwaitEnd>();
        Shard.ExpectMsg<Stopped>();
        ExpectSilence(Queues);
    }

    [Fact]
    public async Task Failure_rule_14_whoever_waits_for_the_end_goes_on_waiting_where_the_run_goes_on()
    {
        await StartAsync(Definitions.Linear(1));
        Tell(new WorkflowQuery.AwaitEnd(Id));
        Settle();

        Stop();

        Region.ExpectMsg<WorkflowQuery.AwaitEnd>();
        Assert.Equal(Client.Ref, Region.LastSender);
    }

    [Fact]
    public async Task Failure_rule_14_messages_after_passivation_go_back_through_the_parent()
    {
        await StartAsync(Definitions.Linear(1));
        Tell(ReportOf(ExpectOffer().Orders[0]));
        Client.ExpectMsg<ReportAcknowledged>();
        Assert.Equal(StopWorkflow.Instance, Shard.ExpectMsg<Passivate>().StopMessage);

        Tell(new WorkflowCommand.Cancel(Id, Guid.CreateVersion7(), "late"));
        Shard.ExpectMsg<WorkflowCommand.Cancel>();
        Assert.Equal(Client.Ref, Shard.LastSender);
        ExpectSilence(Client);

        Stop();
    }
}
