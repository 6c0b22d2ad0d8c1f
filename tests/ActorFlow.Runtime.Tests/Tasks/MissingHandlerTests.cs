using System.Text.RegularExpressions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>Whom a queue tells that no worker offers a handler.</summary>
public sealed partial class MissingHandlerTests : DispatchTest
{
    [Fact]
    public void A_run_is_told_once_which_of_its_handlers_no_worker_offers()
    {
        var (queue, run) = (StartQueue(), CreateTestProbe());
        new FakeHost(CreateTestProbe(), queue).Join(free: 9);
        Offer(queue, run, Order(1, "ship"), Order(2, "charge"), Order(3, "echo"), Order(4, "ship"));

        Tick(queue);
        Assert.Equal(["charge", "ship"], Missing(run));

        Tick(queue);
        Tick(queue);
        ExpectNothingMissing(queue, run);
    }

    [Fact]
    public void A_run_is_told_when_a_worker_offers_them_and_when_none_does_any_more()
    {
        var (queue, run) = (StartQueue(), CreateTestProbe());
        Offer(queue, run, Order(1, "ship"), Order(2, "charge"));
        Tick(queue);
        Assert.Equal(["charge", "ship"], Missing(run));

        new FakeHost(CreateTestProbe(), queue, "w1", handler: "ship").Join(free: 0);
        Tick(queue);
        Assert.Equal(["charge"], Missing(run));
        var charger = new FakeHost(CreateTestProbe(), queue, "w2", handler: "charge").Join(free: 0);
        Tick(queue);
        Assert.Empty(Missing(run));

        Watch(charger.Probe.Ref);
        Sys.Stop(charger.Probe.Ref);
        ExpectTerminated(charger.Probe.Ref);
        AwaitAssert(() =>
        {
            Tick(queue);
            Assert.True(run.HasMessages);
        });
        Assert.Equal(["charge"], Missing(run));
    }

    [Fact]
    public void It_is_logged_once_a_minute_for_each_handler_until_a_worker_offers_it()
    {
        var (queue, run, log) = (StartQueue(), CreateTestProbe(), CreateTestProbe());
        Sys.EventStream.Subscribe(log, typeof(Warning));
        Offer(queue, run, Order(1, "ship"), Order(2, "charge"), Order(3, "ship"));

        Assert.Empty(LoggedWithin(seconds: 5, queue, log));
        Assert.Equal(["charge: 1", "ship: 2"], LoggedWithin(seconds: 2, queue, log));
        Assert.Empty(LoggedWithin(seconds: 58, queue, log));
        Assert.Equal(["charge: 1", "ship: 2"], LoggedWithin(seconds: 4, queue, log));

        new FakeHost(CreateTestProbe(), queue, "w1", handler: "ship").Join(free: 0);
        Assert.Equal(["charge: 1"], LoggedWithin(seconds: 60, queue, log));
    }

    [Fact]
    public void A_run_that_offers_again_is_told_again()
    {
        var (queue, run, moved) = (StartQueue(), CreateTestProbe(), CreateTestProbe());
        Offer(queue, run, Order(1, "ship"));
        Tick(queue);
        Assert.Equal(["ship"], Missing(run));

        Offer(queue, moved, Order(1, "ship"));
        Tick(queue);

        Assert.Equal(["ship"], Missing(moved));
    }

    [Fact]
    public void A_run_that_took_back_what_waited_waits_for_nothing()
    {
        var (queue, run) = (StartQueue(), CreateTestProbe());
        Offer(queue, run, Order(1, "ship"));
        Tick(queue);
        Assert.Equal(["ship"], Missing(run));

        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1)], run.Ref));
        Tick(queue);

        Assert.Empty(Missing(run));
    }

    private static void Offer(IActorRef queue, TestProbe run, params TaskOrder[] orders) =>
        queue.Tell(new Offer(Queue, "wf", "key", [.. orders], run.Ref));

    private static IEnumerable<string> Missing(TestProbe run) =>
        ((HandlersMissing)run.FishForMessage(message => message is HandlersMissing, Patience)).Handlers;

    /// <summary>What was told before has been done, and the queue has looked around after it.</summary>
    private void Tick(IActorRef queue)
    {
        queue.Ask<ActorIdentity>(new Identify(0), Patience).Wait(Patience);
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    private IEnumerable<string> LoggedWithin(int seconds, IActorRef queue, TestProbe log)
    {
        for (var second = 0; second < seconds; second++)
        {
            Tick(queue);
        }

        queue.Ask<ActorIdentity>(new Identify(0), Patience).Wait(Patience);
        var lines = new List<string>();
        while (log.HasMessages)
        {
            var match = MissingLine().Match($"{log.ExpectMsg<Warning>().Message}");
            Assert.True(match.Success);
            lines.Add($"{match.Groups["handler"]}: {match.Groups["count"]}");
        }

        return lines.Order(StringComparer.Ordinal);
    }

    [GeneratedRegex("^No worker of the queue 'default' offers the handler '(?<handler>[a-z]+)': (?<count>[0-9]+) attempts wait for it, among them task t[123] of run wf\\.")]
    private static partial Regex MissingLine();

    private static void ExpectNothingMissing(IActorRef queue, TestProbe run)
    {
        queue.Tell(new Offer(Queue, "wf", "key", [], run.Ref));
        run.FishForMessage(
            message => message is HandlersMissing
                ? throw new InvalidOperationException($"{message}")
                : message is OfferAcknowledged { Accepted.IsEmpty: true },
            Patience);
    }
}
