using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>What a node holds and uses that has done much and now only waits.</summary>
[OwnProcess(Processes = Rounds)]
public sealed class PeerIdleSpecs : NodeSpec
{
    private const int Runs = 10_000;
    private const int Parked = 2_000;

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new(PassivateAfter: TimeSpan.FromSeconds(4));

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "after 10,000 one-task runs, then with 2,000 runs parked")]
    [Spec("P5", Group = "peers", WarmUp = false, Quick = false, TimeoutSeconds = 240)]
    // No peak of the resident set: who samples it is not idle.
    [Figure("rss after the runs", "MB"), Figure("parked", "KB"), Figure("idle cpu", "%")]
    [Bar("rss after the runs", AtMost = 250), Bar("idle cpu", AtMost = 1)]
    [Bar("parked", AtMost = 5, Store = "sqlite"), Bar("parked", AtMost = 5, Store = "postgres")]
    public void Idle() => Measure(async () =>
    {
        var one = await Node.RegisterAsync(Graphs.Linear(1, "peer")).ConfigureAwait(false);
        await RunManyAsync(Runs, 100, one, Payload.Null, Graphs.LinearOutput(1)).ConfigureAwait(false);
        ExpectExecutions(Runs);
        Figures["rss after the runs"] = ResidentSet.Now / 1024.0 / 1024;

        var waiting = await Node.RegisterAsync(Graphs.SignalWait()).ConfigureAwait(false);
        await Node.StartManyAsync(waiting, 200).ConfigureAwait(false);
        await Node.UntilParkedAsync().ConfigureAwait(false);
        var before = HeldMemory.Now();
        var ids = await Node.StartManyAsync(waiting, Parked).ConfigureAwait(false);
        var inMemory = await Node.CountInMemoryAsync().ConfigureAwait(false);
        Expect(inMemory > Parked / 2, $"only {inMemory:n0} of {Parked:n0} runs were still in memory.");
        Figures["parked"] = (HeldMemory.Now() - before) / 1024.0 / inMemory;
        await Node.UntilParkedAsync().ConfigureAwait(false);
        Figures["idle cpu"] = await IdleProcessor.ShareAsync().ConfigureAwait(false);

        await Task.WhenAll(ids.Select(id => Node.Engine.SignalAsync(id, "go", Payload.Null))).ConfigureAwait(false);
        var ends = await Task.WhenAll(ids.Select(id => Node.Engine.EndOfAsync(id))).ConfigureAwait(false);
        Expect(ends.All(end => end.Outcome == RunOutcome.Completed), "a parked run did not complete once it was signalled.");
    });
}
