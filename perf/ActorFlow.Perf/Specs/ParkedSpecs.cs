using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Runs that wait for a signal: what they cost meanwhile, and how fast they take it.</summary>
[OwnProcess(Processes = Rounds)]
public sealed class ParkedSpecs : NodeSpec
{
    private const int Parked = 10_000;
    private const int Signals = 120;

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new(PassivateAfter: TimeSpan.FromSeconds(5));

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "10,000 runs that wait for a signal")]
    [Spec("parked", WarmUp = false, Quick = false, TimeoutSeconds = 300)]
    [Figure("held by each", "KB"), Figure("held once they left memory", "KB"), Figure("idle cpu", "%"), Figure("signal", "ms")]
    [Bar("held by each", AtMost = 5), Bar("held once they left memory", AtMost = 0.5), Bar("idle cpu", AtMost = 1), Bar("signal", AtMost = 20)]
    public void WaitForSignal() => Measure(async () =>
    {
        var waiting = await Node.RegisterAsync(Graphs.SignalWait()).ConfigureAwait(false);
        await Node.StartManyAsync(waiting, 200).ConfigureAwait(false);
        await Node.UntilParkedAsync().ConfigureAwait(false);
        var before = HeldMemory.Now();
        var ids = await Node.StartManyAsync(waiting, Parked).ConfigureAwait(false);
        var inMemory = await Node.CountInMemoryAsync().ConfigureAwait(false);
        Expect(inMemory > Parked / 2, $"only {inMemory} of {Parked} runs were still in memory.");
        Figures["held by each"] = (HeldMemory.Now() - before) / 1024.0 / inMemory;
        await Node.UntilParkedAsync().ConfigureAwait(false);
        Figures["idle cpu"] = await IdleProcessor.ShareAsync().ConfigureAwait(false);
        // Only now: timers that were cancelled as the runs left are kept until they would have fired.
        Figures["held once they left memory"] = Math.Max(0, HeldMemory.Now() - before) / 1024.0 / Parked;
        Figures["signal"] = await SignalAsync(ids).ConfigureAwait(false);
    });

    // The first twenty warm it up.
    private async Task<double> SignalAsync(IReadOnlyList<string> ids)
    {
        var times = new List<double>();
        foreach (var id in ids.Take(Signals))
        {
            times.Add(await TimeAsync(() => Node.Engine.SignalAsync(id, "go", Payload.Null)).ConfigureAwait(false));
            var end = await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
            Expect(end.Outcome == RunOutcome.Completed, $"{id} ended as {end.Outcome}");
        }

        return Statistics.Of([.. times.Skip(20)]).Median;
    }
}
