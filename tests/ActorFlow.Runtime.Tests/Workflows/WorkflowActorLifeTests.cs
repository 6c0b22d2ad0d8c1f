using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using Akka.Cluster.Sharding;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorLifeTests : WorkflowActorTest
{
    [Fact]
    public async Task A_start_repeated_with_the_same_input_is_accepted_again_and_any_other_is_a_conflict()
    {
        var definition = Definitions.Linear(1);
        await StartAsync(definition);

        Tell(StartOf(definition));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Tell(StartOf(definition, Payload.From(1)));
        Client.ExpectMsg<WorkflowReply.Refused>(refused => Assert.Equal("id-conflict", refused.Code));

        ExpectOffer();
        ExpectSilence(Queues);
        Assert.Single(Journal.RowsOf(Id));
    }

    [Fact]
    public async Task Failure_rule_12_reports_of_closed_runs_are_acknowledged()
    {
        await StartAsync(Definitions.Linear(1));
        var order = ExpectOffer().Orders[0];
        Tell(ReportOf(order));
        Client.ExpectMsg<ReportAcknowledged>();
        Shard.ExpectMsg<Passivate>();
        Stop();

        Incarnate(ReportOf(order));

        Client.ExpectMsg<ReportAcknowledged>();
        Shard.ExpectMsg<Passivate>();
        Assert.Equal(2, Journal.RowsOf(Id).Count);
    }

    [Fact]
    public async Task A_closed_run_that_is_woken_answers_before_it_leaves_again()
    {
        var definition = Definitions.Linear(1);
        await StartAsync(definition);
        Tell(ReportOf(ExpectOffer().Orders[0]));
        Client.ExpectMsg<ReportAcknowledged>();
        Stop();

        Incarnate(StartOf(definition), new WorkflowQuery.GetStatus(Id), new WorkflowQuery.AwaitEnd(Id));

        Client.ExpectMsg<WorkflowReply.Accepted>();
        Client.ExpectMsg<WorkflowReply.Ended>();
        Client.ExpectMsg<WorkflowReply.Ended>();
        Shard.ExpectMsg<Passivate>();
        ExpectSilence(Shard, Queues);
    }

    [Fact]
    public void Failure_rule_12_reports_of_unknown_runs_are_acknowledged()
    {
        Incarnate(new WorkflowCommand.Report(Id, new(Guid.NewGuid(), 0, default, 1), new(1, 1), TaskOutcome.Lost.Instance));

        Client.ExpectMsg<ReportAcknowledged>();
        Shard.ExpectMsg<Passivate>();
        Assert.True(Journal.IsEmpty);
    }

    [Fact]
    public void Failure_rule_19_a_mistyped_id_leaves_nothing_behind()
    {
        Incarnate(new WorkflowQuery.GetStatus(Id));
        Client.ExpectMsg<WorkflowReply.Refused>(refused => Assert.Equal("workflow-not-found", refused.Code));

        Shard.ExpectMsg<Passivate>();
        Assert.True(Journal.IsEmpty);
    }

    [Fact]
    public void Failure_rule_19_an_actor_that_nobody_asks_for_and_that_was_never_started_leaves()
    {
        Incarnate();

        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public async Task Failure_rule_03_a_run_taken_for_new_by_mistake_recovers_before_it_answers()
    {
        await StartAsync(Definitions.Linear(1));
        ExpectOffer();
        Stop();
        Assert.True(FreshIds.Mark(PersistenceIds.Of(Id), Guid.CreateVersion7().ToString("n")));

        Incarnate(new WorkflowQuery.GetStatus(Id));

        Client.ExpectMsg<WorkflowReply.Status>();
        ExpectOffer();
        ExpectSilence(Shard);
    }

    [Fact]
    public async Task A_start_under_its_own_mark_needs_no_other_recovery()
    {
        var definition = Definitions.Linear(1);
        await Plans.KeepAsync(definition);
        var start = StartOf(definition);
        FreshIds.Mark(PersistenceIds.Of(Id), start.CommandId.ToString("n"));

        Incarnate(start);

        Client.ExpectMsg<WorkflowReply.Accepted>();
        ExpectOffer();
    }

    [Fact]
    public void A_start_of_a_definition_that_nobody_kept_is_refused_and_leaves_nothing_behind()
    {
        Incarnate(StartOf(Definitions.Linear(1)));
        Client.ExpectMsg<WorkflowReply.Refused>(refused => Assert.Equal("definition-not-found", refused.Code));

        Shard.ExpectMsg<Passivate>();
        Assert.True(Journal.IsEmpty);
    }

    [Fact]
    public async Task A_run_whose_definition_is_gone_stops_and_goes_on_once_it_is_back()
    {
        var definition = Definitions.Linear(1);
        await StartAsync(definition);
        ExpectOffer();
        Stop();
        var plans = Plans;

        Plans = new(MemoryPersistence.Open().Definitions, Clock);
        Incarnate();
        Shard.ExpectMsg<Stopped>();

        Plans = plans;
        Incarnate();
        ExpectOffer();
    }

    [Fact]
    public async Task A_start_that_was_refused_does_not_bind_the_id_to_its_definition()
    {
        var (first, second) = (Definitions.Linear(1), Definitions.Fan(2));
        await Plans.KeepAsync(first);
        await Plans.KeepAsync(second);
        var slow = new SlowDefinitions(Store.Definitions);
        Plans = new(slow, Clock);
        Incarnate(StartOf(first, Payload.FromString(new string('x', Limits.PayloadBytes))), StartOf(second));
        await Eventually.HoldsAsync(() => slow.Asked, "the definition is asked for");
        Run.Tell(new WorkflowQuery.GetStatus(Id), Client);
        slow.Go.SetResult();

        Client.ExpectMsg<WorkflowReply.Refused>(refused => Assert.Equal("payload-too-large", refused.Code));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal(second.Name, Client.ExpectMsg<WorkflowReply.Status>().Definition.Name);
        Assert.Equal(2, ExpectOffer().Orders.Length);
    }

    [Fact]
    public async Task Whoever_waits_for_the_end_is_told()
    {
        await StartAsync(Definitions.Linear(1));
        Tell(new WorkflowQuery.AwaitEnd(Id));
        Tell(ReportOf(ExpectOffer().Orders[0]));

        Client.ExpectMsg<ReportAcknowledged>();
        Assert.Equal(RunOutcome.Completed, Client.ExpectMsg<WorkflowReply.Ended>().Outcome);
    }

    [Fact]
    public async Task Failure_rule_22_what_falls_due_happens_when_it_is_due()
    {
        await StartAsync(Definitions.Delayed("10s"));
        Advance(TimeSpan.FromSeconds(9));
        Settle();
        ExpectSilence(Queues);

        Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("t", ExpectOffer().Orders[0].Path);
    }

    [Fact]
    public async Task Failure_rule_22_what_fell_due_while_the_run_was_away_happens_at_once()
    {
        await StartAsync(Definitions.Delayed("10s"));
        Stop();
        Clock.Advance(TimeSpan.FromSeconds(11));

        Incarnate();
        Settle();
        Timers.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("t", ExpectOffer().Orders[0].Path);
    }

    [Fact]
    public async Task Failure_rule_23_a_timer_that_fires_before_its_time_is_set_again()
    {
        await StartAsync(Definitions.Delayed("10s"));

        // The clock was set back: the timer has run, and by the clock it is too early.
        Timers.Advance(TimeSpan.FromSeconds(10));
        Settle();
        ExpectSilence(Queues);

        Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("t", ExpectOffer().Orders[0].Path);
    }

    [Fact]
    public async Task A_delay_longer_than_any_timer_ends_in_time()
    {
        Equip = services => services with { PassivateAfter = TimeSpan.FromDays(10) };
        await StartAsync(Definitions.Delayed("50h"));

        Advance(TimeSpan.FromHours(24));
        Settle();
        Advance(TimeSpan.FromHours(24));
        Settle();
        ExpectSilence(Queues);
        Advance(TimeSpan.FromHours(2));

        Assert.Equal("t", ExpectOffer().Orders[0].Path);
    }

    private sealed class SlowDefinitions(IDefinitionStore store) : IDefinitionStore
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Asked { get; private set; }

        public Task PutAsync(StoredDefinition definition, CancellationToken cancellationToken = default) =>
            store.PutAsync(definition, cancellationToken);

        public async Task<StoredDefinition?> GetAsync(string hash, CancellationToken cancellationToken = default)
        {
            Asked = true;
            await Go.Task;
            return await store.GetAsync(hash, cancellationToken);
        }
    }
}
