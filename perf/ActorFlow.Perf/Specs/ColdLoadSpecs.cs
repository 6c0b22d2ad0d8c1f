using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A fresh node under full load at once: how soon it is as fast as it will be.</summary>
[OwnProcess(Processes = Rounds)]
public sealed class ColdLoadSpecs : PerfSpec
{
    private const int InFlight = 100;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "a fresh node under one-task workflows, 100 in flight")]
    [Spec("G3", Group = "cold", WarmUp = false, Quick = false)]
    [Figure("half", "s"), Figure("nine tenths", "s"), Figure("first second", "/s"), Figure("warm", "/s")]
    [Bar("half", AtMost = 2), Bar("nine tenths", AtMost = 6)]
    public void Load() => Measure(async () =>
    {
        var node = await EmbeddedNode.StartAsync(SpecRun.Current.Session.Database, new()).ConfigureAwait(false);
        await using var stop = node.ConfigureAwait(false);
        var definition = await node.RegisterAsync(Graphs.Linear(1, "peer")).ConfigureAwait(false);
        var speed = new SpeedUp(Length);
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (!speed.IsOver)
            {
                var (_, output) = await node.RunAsync(definition, Payload.Null).ConfigureAwait(false);
                Expect(output.ToString() == Graphs.LinearOutput(1), $"a run gave {output}.");
                speed.Completed();
            }
        })).ConfigureAwait(false);
        Expect(node.Log.Count == speed.Count, $"{node.Log.Count:n0} handlers ran for {speed.Count:n0} runs.");

        var warm = speed.Rate(Length - Warm, Length);
        Figures["warm"] = warm;
        Figures["first second"] = speed.Rate(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Figures["half"] = speed.Until(warm * 0.5).TotalSeconds;
        Figures["nine tenths"] = speed.Until(warm * 0.9).TotalSeconds;
    });
}
