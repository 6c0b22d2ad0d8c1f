using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>Failure rule 20: a large input stays with its run until its attempt starts.</summary>
public sealed class LargeInputTests : WorkerTest
{
    private static readonly Payload Large = Payload.FromString(new string('x', 40 * 1024));

    [Fact]
    public async Task Failure_20_a_large_input_is_fetched_once_and_given_to_the_handler()
    {
        Answer(Large);
        var echo = Handler.Echo;
        Begin(("echo", echo));

        var lease = FakeQueue.Hand(Withheld(1));

        Assert.Equal(new TaskOutcome.Succeeded(Large), await OutcomeOf(Attempt(1)));
        Assert.Equal(new WorkflowQuery.FetchInput("wf", Attempt(1), lease), Assert.Single(Runs.Fetches));
        Assert.Equal(Large.ToString(), Assert.Single(echo.Inputs));
    }

    [Fact]
    public async Task Failure_20_a_small_input_is_not_asked_for()
    {
        Begin(("echo", Handler.Echo));

        await OutcomeOf(Order(1));

        await Runs.CatchUpAsync();
        Assert.Empty(Runs.Fetches);
    }

    [Fact]
    public async Task Failure_20_a_secret_is_put_into_an_input_that_was_fetched()
    {
        Answer(Payload.Parse("""{"key":"","rest":"far too long"}"""));
        var echo = Handler.Echo;
        Begin(Node(null, new FakeSecrets(("TOKEN", "open-sesame")), ("echo", echo)));

        await OutcomeOf(Withheld(1) with { Secrets = [new("/key", 0, "TOKEN")] });

        Assert.Equal("""{"key":"open-sesame","rest":"far too long"}""", Assert.Single(echo.Inputs));
    }

    [Fact]
    public async Task Failure_20_a_request_that_gets_lost_is_repeated_through_the_region_ever_more_slowly_until_it_is_answered()
    {
        var (echo, region) = (Handler.Echo, CreateTestProbe());
        var queue = new FakeQueue(CreateTestProbe(), Runs.Ref);
        Sys.ActorOf(WorkerHost.Props(Node(("echo", echo)), "w1", queue.Probe.Ref, region.Ref));
        queue.Connect();
        queue.Hand(Withheld(1));
        await Until(() => Runs.Fetches.Count == 1);
        IActorRef worker = ActorRefs.Nobody;

        foreach (var pause in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            Time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(10));
            region.ExpectNoMsg(TimeSpan.FromMilliseconds(20));
            Time.Advance(TimeSpan.FromMilliseconds(10));
            Assert.Equal(Runs.Fetches.Single(), region.ExpectMsg<WorkflowQuery.FetchInput>(Patience));
            worker = region.Sender;
        }

        worker.Tell(new AttemptInput("wf", Attempt(1), Runs.Fetches.Single().Lease, Large));

        await OutcomeOf(Attempt(1));
        Time.Advance(TimeSpan.FromSeconds(30));
        queue.Inventory();
        region.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Assert.Equal((1, 1), (echo.Calls, Runs.Fetches.Count));
    }

    [Fact]
    public async Task Failure_20_an_answer_that_gets_lost_costs_a_request_and_nothing_else()
    {
        Runs.OnFetch = fetch => Runs.Fetches.Count == 1 ? [] : [Input(fetch, Large)];
        var echo = Handler.Echo;
        Begin(("echo", echo));
        FakeQueue.Hand(Withheld(1));

        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);

        Assert.Equal((2, 1), (Runs.Fetches.Count, echo.Calls));
        Assert.Equal(new TaskOutcome.Succeeded(Large), Runs.OutcomeOf(Attempt(1)));
    }

    [Fact]
    public async Task Failure_20_an_answer_that_comes_again_or_for_another_lease_starts_nothing()
    {
        WorkerOptions = SlotsOf(1);
        Runs.OnFetch = fetch =>
        [
            Input(fetch, Payload.FromString("of another lease")) with { Lease = new(1, 1) },
            Input(fetch, Payload.FromString("of another attempt")) with { Attempt = Attempt(7) },
            Input(fetch, null) with { Attempt = Attempt(1, number: 2) },
            Input(fetch, Large),
            Input(fetch, Payload.FromString("twice")),
            Input(fetch, null),
        ];
        var echo = Handler.Echo;
        Begin(("echo", echo));

        // The second attempt has the first one's task actor, and what was late for that one.
        for (var n = 1; n <= 2; n++)
        {
            FakeQueue.Hand(Withheld(n));
            Assert.Equal(new TaskOutcome.Succeeded(Large), await OutcomeOf(Attempt(n)));
            await Until(() => FakeQueue.Inventory().State.Free == 1);
        }

        Assert.Equal([Large.ToString(), Large.ToString()], echo.Inputs);
    }

    [Fact]
    public async Task Failure_20_an_attempt_whose_run_has_no_use_for_it_any_more_never_starts_and_frees_its_slot()
    {
        Answer(null);
        var echo = Handler.Echo;
        Begin(("echo", echo));
        var lease = FakeQueue.Hand(Withheld(1));

        Assert.Equal(TaskOutcome.Released.Instance, await OutcomeOf(Attempt(1)));

        Assert.Equal(
            new SettledLease(lease, Attempt(1), false),
            Assert.Single(FakeQueue.Expect<SlotsChanged>(said => !said.State.Settled.IsEmpty).State.Settled));
        await Until(() => FakeQueue.Inventory() is { State.Free: 4, Held.IsEmpty: true });
        await OutcomeOf(Order(2));
        Assert.Equal("2", Assert.Single(echo.Inputs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_20_an_attempt_that_is_taken_back_is_asked_for_no_more_and_never_starts(bool revoked)
    {
        var echo = Handler.Echo;
        Begin(("echo", echo));
        var lease = FakeQueue.Hand(Withheld(1));
        await Until(() => Runs.Fetches.Count == 1);
        Answer(Large);

        FakeQueue.Cancel(Attempt(1), lease, revoked);

        Assert.Equal(TaskOutcome.Released.Instance, await OutcomeOf(Attempt(1)));
        await Until(() => FakeQueue.Inventory() is { State.Free: 4, Held.IsEmpty: true });
        Time.Advance(TimeSpan.FromMinutes(1));
        await OutcomeOf(Order(2));
        Assert.Equal((1, "2"), (Runs.Fetches.Count, Assert.Single(echo.Inputs)));
    }

    [Fact]
    public async Task Failure_25_a_drained_worker_gives_back_what_it_waits_for()
    {
        var echo = Handler.Echo;
        Begin(Node(("echo", echo)), supervised: true);
        FakeQueue.Hand(Withheld(1));
        await Until(() => Runs.Fetches.Count == 1);

        await WorkerSupervisor.DrainAsync(Host, Patience);

        Assert.Equal(TaskOutcome.Released.Instance, Runs.OutcomeOf(Attempt(1)));
        Assert.Equal(0, echo.Calls);
    }

    [Fact]
    public async Task Failure_09_an_attempt_that_waits_for_its_input_has_its_slot_and_is_in_the_inventory()
    {
        Begin(("echo", Handler.Echo));
        var lease = FakeQueue.Hand(Withheld(1));
        await Until(() => Runs.Fetches.Count == 1);
        Time.Advance(TimeSpan.FromSeconds(20));

        var inventory = FakeQueue.Inventory();

        var held = Assert.Single(inventory.Held);
        Assert.Equal((3, lease, false), (inventory.State.Free, held.Lease, held.Ended));
        Assert.Equal(TimeSpan.FromHours(1) + LargeInput.FetchLimit, held.Remaining);
    }

    [Fact]
    public async Task The_time_of_an_attempt_begins_with_its_handler_and_not_with_the_wait_for_its_input()
    {
        var waiting = Handler.Waiting;
        Begin(("echo", waiting));
        FakeQueue.Hand(Withheld(1) with { Timeout = TimeSpan.FromSeconds(5), Heartbeat = TimeSpan.FromSeconds(4) });
        await Until(() => Runs.Fetches.Count == 1);
        Time.Advance(TimeSpan.FromSeconds(20));
        FakeQueue.Inventory();
        Assert.Empty(Runs.Reports);

        Answer(Large);
        await AdvanceUntil(() => waiting.Calls == 1);
        var begun = Time.GetUtcNow();
        var left = FakeQueue.Inventory().Held.Single().Remaining;
        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);

        Assert.InRange(left, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.InRange(Time.GetUtcNow() - begun, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10));
        Assert.Equal(ErrorTypes.HeartbeatTimedOut, Assert.IsType<TaskOutcome.Failed>(Runs.OutcomeOf(Attempt(1))).Type);
    }

    [Fact]
    public async Task A_run_that_does_not_answer_for_long_gets_its_attempt_back_and_holds_no_slot()
    {
        var echo = Handler.Echo;
        Begin(("echo", echo));
        FakeQueue.Hand(Withheld(1));
        await Until(() => Runs.Fetches.Count == 1);

        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null, TimeSpan.FromSeconds(1));

        Assert.Equal(TaskOutcome.Released.Instance, Runs.OutcomeOf(Attempt(1)));
        Assert.True(Time.GetUtcNow() - Noon >= LargeInput.FetchLimit);
        Assert.Equal(0, echo.Calls);
        await Until(() => FakeQueue.Inventory().State.Free == 4);
    }

    [Fact]
    public async Task Failure_10_the_successor_of_a_host_goes_on_asking()
    {
        var echo = Handler.Echo;
        Begin(Node(("echo", echo)), supervised: true);
        var first = FakeQueue.Inventory();
        var lease = FakeQueue.Hand(Withheld(1));
        await Until(() => Runs.Fetches.Count == 1);
        Watch(first.Host);

        // Nothing it could make sense of.
        first.Host.Tell(new AssignAttempts(Queue, 1_000, first.State.HostEpoch, default), FakeQueue.Probe.Ref);
        ExpectTerminated(first.Host);
        Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal((lease, false), (FakeQueue.Connect().Held.Single().Lease, FakeQueue.Inventory().Held.Single().Ended));
        Answer(Large);
        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);

        Assert.Equal(new TaskOutcome.Succeeded(Large), Runs.OutcomeOf(Attempt(1)));
        Assert.Equal(1, echo.Calls);
    }

    [Fact]
    public async Task Failure_22_a_queue_takes_the_wait_for_an_input_into_account_before_it_takes_a_lease_for_lost()
    {
        var queue = StartQueue();
        var host = new FakeHost(CreateTestProbe(), queue).Join(free: 2);
        queue.Tell(OfferOf(
            Order(1, timeout: TimeSpan.FromSeconds(30)), Withheld(2) with { Timeout = TimeSpan.FromSeconds(30) }));
        Assert.Equal(2, host.Expect<AssignAttempts>().Assignments.Length);

        await AdvanceUntil(() => Runs.Reports.Count == 2);

        var lost = Runs.Reports.ToArray();
        Assert.Equal([Attempt(1), Attempt(2)], lost.Select(report => report.Attempt));
        Assert.All(lost, report => Assert.Equal(TaskOutcome.Lost.Instance, report.Outcome));
        Assert.InRange(
            Time.GetUtcNow() - Noon, TimeSpan.FromSeconds(50) + LargeInput.FetchLimit, TimeSpan.FromSeconds(60) + LargeInput.FetchLimit);
    }

    [Fact]
    public void A_queue_cuts_its_messages_by_the_progress_that_orders_bring_as_well()
    {
        var queue = StartQueue();
        queue.Tell(OfferOf([.. Enumerable.Range(1, 6).Select(n => Order(n) with { PreviousProgress = Payload.FromString(new string('x', 200_000)) })]));
        HasDoneSoFar(queue);

        var host = new FakeHost(CreateTestProbe(), queue).Join(free: 6);

        Assert.Equal([2, 2, 2], Enumerable.Range(0, 3).Select(_ => host.Expect<AssignAttempts>().Assignments.Length));
    }

    private TaskOrder Withheld(int n) => Order(n) with { Input = Payload.Null, WithheldBytes = Large.Length };

    private void Answer(Payload? input) => Runs.OnFetch = fetch => [Input(fetch, input)];

    private static AttemptInput Input(WorkflowQuery.FetchInput fetch, Payload? input) => new(fetch.WorkflowId, fetch.Attempt, fetch.Lease, input);

    /// <summary>Once the queue has done what it was told before.</summary>
    private static void HasDoneSoFar(IActorRef queue) => queue.Ask<ActorIdentity>(new Identify(0), Patience).Wait(Patience);
}
