using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.Actor;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>A queue says where attempts stand: with which worker, or what they wait for.</summary>
public sealed class AttemptLocatorTests : DispatchTest
{
    [Fact]
    public void It_says_which_attempts_a_worker_has_and_which_wait()
    {
        var (queue, run) = (StartQueue(), CreateTestProbe());
        new FakeHost(CreateTestProbe(), queue, "w1").Join(free: 1);
        Offer(queue, run, Order(1), Order(2), Order(3, "ship"));

        var places = Locate(queue, Order(1), Order(2), Order(3), Order(4));

        Assert.Equal([Order(1).Attempt, Order(2).Attempt, Order(3).Attempt], places.Places.Select(place => place.Attempt));
        Assert.Equal(["w1", null, null], places.Places.Select(place => place.Worker));
        Assert.Equal([true, true, false], places.Places.Select(place => place.IsOffered));
        Assert.Equal(Noon, places.Places[0].Since);
        Assert.Equal((2, 1), (places.Load.Waiting, places.Load.Running));
        Assert.Equal([1], places.Load.Holders.Select(holder => holder.Attempts));
    }

    [Fact]
    public void It_says_who_offered_a_handler_last()
    {
        var (queue, run) = (StartQueue(), CreateTestProbe());
        var host = new FakeHost(CreateTestProbe(), queue, "w1", handler: "ship").Join(free: 0);
        Offer(queue, run, Order(1, "ship"), Order(2, "charge"));
        Watch(host.Probe.Ref);
        Sys.Stop(host.Probe.Ref);
        ExpectTerminated(host.Probe.Ref);

        var places = Locate(queue, Order(1), Order(2));
        AwaitAssert(() => Assert.False((places = Locate(queue, Order(1), Order(2))).Places[0].IsOffered));

        Assert.Equal(("w1", Noon), (places.Places[0].LastWorker, places.Places[0].LastOffered));
        Assert.Null(places.Places[1].LastWorker);
    }

    [Fact]
    public void A_queue_that_has_not_heard_of_its_workers_yet_says_nothing_of_attempts()
    {
        Directory.Add(new("w1", CreateTestProbe()));
        var (queue, run) = (StartQueue(), CreateTestProbe());
        Offer(queue, run, Order(1));

        Assert.Empty(Locate(queue, Order(1)).Places);
    }

    [Fact]
    public void The_last_thousand_handlers_are_remembered()
    {
        var former = new FormerOffers();
        for (var i = 0; i < FormerOffers.Kept + 2; i++)
        {
            former.Track($"h{i}", "w1", DateTimeOffset.UnixEpoch.AddSeconds(i));
        }

        Assert.Null(former.Find("h1"));
        Assert.Equal(("w1", DateTimeOffset.UnixEpoch.AddSeconds(2)), former.Find("h2"));
    }

    private void Offer(IActorRef queue, TestProbe run, params TaskOrder[] orders)
    {
        queue.Tell(OfferOf(orders) with { Workflow = run });
        run.FishForMessage(message => message is OfferAcknowledged or AttemptsLeased, Patience);
    }

    private AttemptPlaces Locate(IActorRef queue, params TaskOrder[] orders)
    {
        var asker = CreateTestProbe();
        queue.Tell(new LocateAttempts(Queue, [.. orders.Select(order => order.Attempt)]), asker);
        return asker.ExpectMsg<AttemptPlaces>(Patience);
    }
}
