using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>Failure rule 20: a full queue defers and grants, and never drops.</summary>
public sealed class TaskQueueRoomTests : DispatchTest
{
    [Fact]
    public async Task Failure_20_of_ten_thousand_offers_a_full_queue_keeps_what_it_has_room_for_and_lets_the_rest_in_later()
    {
        QueueOptions = new() { Capacity = 1_000, CapacityPerKey = 1_000 };
        WorkerOptions = SlotsOf(16);
        var echo = Handler.Echo;
        var node = Node(("echo", echo));
        StartWorker(node);
        var queue = StartQueue();
        var greedy = new GreedyRuns(this, queue, runs: 10, each: 1_000);

        await AdvanceUntil(() => { greedy.Serve(); return Runs.Reports.Count >= 10_000 && Runs.Reports.DistinctBy(report => report.Attempt).Count() == 10_000; }, TimeSpan.FromMilliseconds(20));

        Assert.Equal(10_000, echo.Calls);
        Assert.Equal(10_000, Runs.Reports.Select(report => report.Attempt).Distinct().Count());
        Assert.NotEmpty(Runs.Of<OfferGranted>());
        Assert.Contains(Runs.Of<OfferAcknowledged>(), answer => answer.Deferred.Length > 0);
    }

    [Fact]
    public void Failure_20_the_bound_of_one_key_leaves_room_for_the_others()
    {
        QueueOptions = new() { Capacity = 10, CapacityPerKey = 4 };
        var queue = StartQueue();
        new FakeHost(CreateTestProbe(), queue).Join(free: 0);

        queue.Tell(OfferOf("a", "greedy", [.. Enumerable.Range(1, 8).Select(n => Order(n))]));
        queue.Tell(OfferOf("b", "modest", [.. Enumerable.Range(11, 3).Select(n => Order(n))]));

        AwaitCondition(() => Runs.Of<OfferAcknowledged>().Count() == 2, Patience);
        Assert.Equal([(4, 4), (3, 0)], Runs.Of<OfferAcknowledged>().Select(answer => (answer.Accepted.Length, answer.Deferred.Length)));
    }

    [Fact]
    public void Failure_20_unroutable_offers_beyond_their_bound_are_only_counted_and_granted_when_a_worker_offers_the_handler()
    {
        QueueOptions = new() { UnroutableCapacity = 2 };
        var queue = StartQueue();
        new FakeHost(CreateTestProbe(), queue).Join(free: 0);
        queue.Tell(OfferOf("a", "key", [.. Enumerable.Range(1, 5).Select(n => Order(n, "rare"))]));
        AwaitCondition(() => Runs.Of<OfferAcknowledged>().Any(answer => answer.Deferred.Length == 3), Patience);
        Assert.Empty(Runs.Of<OfferGranted>());

        var rare = new FakeHost(CreateTestProbe(), queue, "rare", handler: "rare").Join(free: 1);

        rare.Expect<AssignAttempts>();
        AwaitCondition(() => Runs.Of<OfferGranted>().Any(), Patience);
        var grant = Runs.Of<OfferGranted>().Single();
        Assert.Equal(("a", 3), (grant.WorkflowId, grant.Count));
    }

    [Fact]
    public void A_grant_keeps_its_room_from_newcomers()
    {
        QueueOptions = new() { Capacity = 1, CapacityPerKey = 1 };
        var queue = StartQueue();
        var host = new FakeHost(CreateTestProbe(), queue).Join(free: 0);
        queue.Tell(OfferOf("a", "key", Order(1)));
        queue.Tell(OfferOf("b", "key", Order(2)));
        AwaitCondition(() => Runs.Of<OfferAcknowledged>().Count() == 2, Patience);
        host.Say(free: 1);
        host.ExpectRun(Attempt(1));
        AwaitCondition(() => Runs.Of<OfferGranted>().Any(), Patience);

        queue.Tell(OfferOf("c", "key", Order(3)));
        queue.Tell(OfferOf("b", "key", Order(2)));

        AwaitCondition(() => Runs.Of<OfferAcknowledged>().Count() == 4, Patience);
        Assert.Equal([1, 0, 0, 1], Runs.Of<OfferAcknowledged>().Select(answer => answer.Accepted.Length));
    }

    /// <summary>Runs that have much to offer, and offer what was deferred when they are let in.</summary>
    private sealed class GreedyRuns(TaskQueueRoomTests test, IActorRef queue, int runs, int each)
    {
        private readonly Dictionary<string, Queue<AttemptId>> _deferred = [];
        private int _answers;
        private int _grants;
        private bool _begun;

        public void Serve()
        {
            if (!_begun)
            {
                _begun = true;
                for (var run = 0; run < runs; run++)
                {
                    _deferred.Add($"wf{run}", []);
                    Offer($"wf{run}", Enumerable.Range(run * each, each));
                }
            }

            foreach (var answer in test.Runs.Of<OfferAcknowledged>().Skip(_answers).ToList())
            {
                _answers++;
                foreach (var attempt in answer.Deferred)
                {
                    _deferred[$"wf{attempt.Execution.Task / each}"].Enqueue(attempt);
                }
            }

            foreach (var grant in test.Runs.Of<OfferGranted>().Skip(_grants).ToList())
            {
                _grants++;
                var deferred = _deferred[grant.WorkflowId];
                Offer(grant.WorkflowId, Enumerable.Range(0, Math.Min(grant.Count, deferred.Count)).Select(_ => deferred.Dequeue().Execution.Task).ToList());
            }
        }

        private void Offer(string workflowId, IEnumerable<int> numbers) =>
            queue.Tell(test.OfferOf(workflowId, workflowId, [.. numbers.Select(n => test.Order(n))]));
    }
}
