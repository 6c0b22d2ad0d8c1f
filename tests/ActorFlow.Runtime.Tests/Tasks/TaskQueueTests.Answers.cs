using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>What a run that knows the queue is told of its offer.</summary>
public sealed partial class TaskQueueTests
{
    [Fact]
    public async Task An_offer_that_goes_straight_to_workers_is_answered_by_its_leases_alone()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 2);

        queue.Tell(OfferOf(Order(1), Order(2)) with { KnownEpoch = host.QueueEpoch });

        Assert.Equal(2, host.Expect<AssignAttempts>().Assignments.Length);
        await Runs.CatchUpAsync();
        Assert.Equal<AttemptId>([Attempt(1), Attempt(2)], Assert.Single(Runs.Of<AttemptsLeased>()).Attempts);
        Assert.Empty(Runs.Of<OfferAcknowledged>());
    }

    [Theory]
    [InlineData(0, 2, false)]
    [InlineData(1, 2, false)]
    [InlineData(2, 1, true)]
    public async Task What_waits_or_was_offered_to_another_incarnation_is_acknowledged(int free, int offered, bool otherEpoch)
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free);

        queue.Tell(OfferOf([.. Enumerable.Range(1, offered).Select(i => Order(i))]) with { KnownEpoch = host.QueueEpoch - (otherEpoch ? 1 : 0) });

        await Until(() => Runs.Of<OfferAcknowledged>().Any());
        var answer = Assert.Single(Runs.Of<OfferAcknowledged>());
        Assert.Equal(Enumerable.Range(1, offered).Select(i => Attempt(i)), answer.Accepted);
        Assert.Empty(answer.Deferred);
    }

    [Fact]
    public async Task A_repeated_offer_of_what_runs_is_answered_as_well()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)) with { KnownEpoch = host.QueueEpoch });
        host.ExpectRun(Attempt(1));

        queue.Tell(OfferOf(Order(1)) with { KnownEpoch = host.QueueEpoch });

        await Until(() => Runs.Of<AttemptsLeased>().Count() == 2);
        host.ExpectNo<AssignAttempts>();
        Assert.All(Runs.Of<AttemptsLeased>(), leased => Assert.Equal<AttemptId>([Attempt(1)], leased.Attempts));
    }

    [Fact]
    public async Task While_a_queue_takes_stock_it_acknowledges_what_it_adopted_too()
    {
        var (probe, silent) = (CreateTestProbe(), CreateTestProbe());
        Directory.Add(new("w1", probe.Ref));
        Directory.Add(new("w2", silent.Ref));
        var queue = StartQueue();
        var host = new FakeHost(probe, queue) { QueueEpoch = probe.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };
        host.Join(free: 0, FakeHost.Holding(new(1, 1), Attempt(1), Runs.Ref));

        queue.Tell(OfferOf(Order(1)) with { KnownEpoch = host.QueueEpoch });

        await Until(() => Runs.Of<OfferAcknowledged>().Any());
        Assert.Equal<AttemptId>([Attempt(1)], Assert.Single(Runs.Of<OfferAcknowledged>()).Accepted);
    }
}
