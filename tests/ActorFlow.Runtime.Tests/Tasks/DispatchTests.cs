using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class DispatchTests : DispatchTest
{
    [Fact]
    public async Task An_offered_attempt_runs_and_its_output_is_reported()
    {
        var echo = Handler.Echo;
        StartWorker(Node(("echo", echo)));
        var queue = StartQueue();

        queue.Tell(OfferOf(Order(1, input: Payload.Parse("""{"a":1}"""))));

        await Until(() => Runs.Reports.Count == 1);
        var report = Runs.Reports.Single();
        Assert.Equal("wf", report.WorkflowId);
        Assert.Equal(Attempt(1), report.Attempt);
        Assert.Equal("""{"a":1}""", Assert.IsType<TaskOutcome.Succeeded>(report.Outcome).Output.ToString());
        Assert.Equal(1, echo.Calls);
        Assert.Equal(Attempt(1), Assert.Single(Runs.Of<OfferAcknowledged>().Single().Accepted));
        Assert.Equal(Attempt(1), Assert.Single(Runs.Of<AttemptsLeased>().Single().Attempts));
    }

    [Fact]
    public async Task Many_attempts_run_once_each()
    {
        var echo = Handler.Echo;
        QueueOptions = new() { Capacity = 10_000, CapacityPerKey = 10_000 };
        StartWorker(Node(("echo", echo)));
        var queue = StartQueue();

        for (var run = 0; run < 100; run++)
        {
            queue.Tell(OfferOf($"wf{run}", "key", [.. Enumerable.Range(run * 100, 100).Select(n => Order(n))]));
        }

        await Until(() => Runs.Reports.Count == 10_000);
        Assert.Equal(10_000, echo.Calls);
        Assert.Equal(10_000, Runs.Reports.Select(report => report.Attempt).Distinct().Count());
        Assert.Equal(10_000, Runs.Of<AttemptsLeased>().Sum(leased => leased.Attempts.Length));
    }
}
