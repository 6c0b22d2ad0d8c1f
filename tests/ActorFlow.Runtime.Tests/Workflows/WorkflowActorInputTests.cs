using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Tasks;
using Akka.Cluster.Sharding;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>Failure rule 20, the run's side: what it keeps back when it offers, and whom it gives it to.</summary>
public sealed class WorkflowActorInputTests : WorkflowActorTest
{
    private static readonly LeaseId Lease = new(1_000, 1);

    [Theory]
    [InlineData(32 * 1024, false)]
    [InlineData((32 * 1024) + 1, true)]
    [InlineData(1024 * 1024, true)]
    public async Task Failure_rule_20_an_input_over_32_KiB_is_not_offered(int bytes, bool isWithheld)
    {
        var input = Text(bytes);
        await StartAsync(With(input));

        var order = ExpectOffer().Orders.Single();

        Assert.Equal(isWithheld ? Payload.Null : input, order.Input);
        Assert.Equal(isWithheld ? bytes : 0, order.WithheldBytes);
    }

    [Fact]
    public async Task Failure_rule_20_many_large_inputs_are_offered_in_one_small_message()
    {
        await StartAsync(With(Text(1024 * 1024), elements: 20));

        Assert.Equal(20, ExpectOffer().Orders.Length);
    }

    [Fact]
    public async Task Failure_rule_20_the_input_of_an_attempt_that_is_about_to_start_is_told_and_nothing_is_written()
    {
        var (input, order) = await StartWithLargeInput();

        for (var times = 0; times < 3; times++)
        {
            Tell(Fetch(order.Attempt));
            Assert.Equal(new AttemptInput(Id, order.Attempt, Lease, input), Client.ExpectMsg<AttemptInput>());
        }

        Assert.Single(Journal.RowsOf(Id));
    }

    [Fact]
    public async Task Failure_rule_20_a_run_that_has_recovered_tells_the_same_input()
    {
        var (input, order) = await StartWithLargeInput();
        Stop();

        Incarnate(Fetch(order.Attempt));

        Assert.Equal(input, Client.ExpectMsg<AttemptInput>().Input);
        Assert.Single(Journal.RowsOf(Id));
    }

    [Fact]
    public async Task While_a_write_is_in_flight_the_question_for_an_input_waits_its_turn()
    {
        var (_, order) = await StartWithLargeInput();
        Journal.Hold();
        Tell(new WorkflowCommand.Cancel(Id, Guid.CreateVersion7(), "enough"));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");

        Tell(Fetch(order.Attempt));
        ExpectSilence(Client);
        Journal.Release();

        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Null(Client.ExpectMsg<AttemptInput>().Input);
    }

    [Fact]
    public async Task Failure_rule_20_an_attempt_that_is_not_the_current_one_is_obsolete()
    {
        var (input, order) = await StartWithLargeInput();
        var attempt = order.Attempt;

        foreach (var other in (AttemptId[])
            [
                attempt with { Number = 2 },
                attempt with { Generation = attempt.Generation + 1 },
                attempt with { RunId = Guid.NewGuid() },
                attempt with { Execution = attempt.Execution with { Iteration = 1 } },
                attempt with { Execution = new(7, 7, 7, 7) },
            ])
        {
            Tell(Fetch(other));
            Assert.Equal(new AttemptInput(Id, other, Lease, null), Client.ExpectMsg<AttemptInput>());
        }

        Tell(Fetch(attempt));
        Assert.Equal(input, Client.ExpectMsg<AttemptInput>().Input);
    }

    [Fact]
    public async Task Failure_rule_20_an_attempt_is_obsolete_under_a_lease_that_was_lost_and_not_under_the_next()
    {
        var (input, order) = await StartWithLargeInput();
        Tell(new WorkflowCommand.Report(Id, order.Attempt, Lease, TaskOutcome.Lost.Instance));
        Client.ExpectMsg<ReportAcknowledged>();

        Tell(Fetch(order.Attempt));
        Assert.Null(Client.ExpectMsg<AttemptInput>().Input);
        Tell(Fetch(order.Attempt) with { Lease = new(Lease.Epoch, Lease.Number + 1) });
        Assert.Equal(input, Client.ExpectMsg<AttemptInput>().Input);
    }

    [Fact]
    public async Task Failure_rule_20_an_attempt_that_was_withdrawn_is_obsolete_and_its_return_ends_the_run()
    {
        var (_, order) = await StartWithLargeInput();
        Tell(new WorkflowCommand.Cancel(Id, Guid.CreateVersion7(), "enough"));
        Client.ExpectMsg<WorkflowReply.Accepted>();

        Tell(Fetch(order.Attempt));
        Assert.Null(Client.ExpectMsg<AttemptInput>().Input);
        Tell(new WorkflowCommand.Report(Id, order.Attempt, Lease, TaskOutcome.Released.Instance));

        Client.ExpectMsg<ReportAcknowledged>();
        Shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public async Task Failure_rule_12_a_closed_run_tells_no_input()
    {
        var (_, order) = await StartWithLargeInput();
        Tell(ReportOf(order));
        Client.ExpectMsg<ReportAcknowledged>();
        Shard.ExpectMsg<Passivate>();

        // Once to the actor that is about to leave, once to the one that the question wakes.
        Tell(Fetch(order.Attempt));
        Assert.Null(Client.ExpectMsg<AttemptInput>().Input);
        Stop();
        Incarnate(Fetch(order.Attempt));

        Assert.Null(Client.ExpectMsg<AttemptInput>().Input);
        Shard.ExpectMsg<Passivate>();
        Assert.Equal(2, Journal.RowsOf(Id).Count);
    }

    [Fact]
    public void Failure_rule_19_an_unknown_run_tells_no_input_and_leaves_nothing_behind()
    {
        Incarnate(Fetch(new(Guid.NewGuid(), 1, default, 1)));

        Assert.Null(Client.ExpectMsg<AttemptInput>().Input);
        Shard.ExpectMsg<Passivate>();
        Assert.True(Journal.IsEmpty);
    }

    private async Task<(Payload Input, TaskOrder Order)> StartWithLargeInput()
    {
        var input = Text(40 * 1024);
        await StartAsync(With(input));
        return (input, ExpectOffer().Orders.Single());
    }

    private static WorkflowQuery.FetchInput Fetch(AttemptId attempt) => new(Id, attempt, Lease);

    private static Payload Text(int bytes) => Payload.FromString(new string('x', bytes - 2));

    private static WorkflowDefinition With(Payload input, int elements = 1) => new()
    {
        Name = "large",
        Tasks = [new() { Id = "each", ForEach = Payload.From(Enumerable.Range(0, elements)), Kind = new TaskKind.Uses(TaskRecorder.HandlerName, input) }],
    };
}
