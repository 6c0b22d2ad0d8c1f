using System.Diagnostics;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A loop that goes on and on.</summary>
[OwnProcess(Processes = Rounds)]
public sealed class LoopSpecs : NodeSpec
{
    private const int Iterations = 100_000;

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "a loop of 100,000 iterations, and what it holds more at its end than early on")]
    [Spec("loop", WarmUp = false, Quick = false, TimeoutSeconds = 180)]
    [Figure("iterations", "/s"), Figure("held growth", "MB"), Allocated, GcPause]
    [Bar("iterations", AtLeast = 2_000), Bar("held growth", AtMost = 5)]
    public void Endless() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(new() { Name = "endless", Tasks = [Graphs.Loop(Iterations, $"iteration < {Iterations - 1}")] }).ConfigureAwait(false);
        var begun = Stopwatch.GetTimestamp();
        var id = await Node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        await timer.WaitForNextTickAsync().ConfigureAwait(false);
        var early = HeldMemory.Now();
        var end = await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
        Figures["iterations"] = Iterations / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Expect(end.Outcome == RunOutcome.Completed && end.Output.ToString().Contains($"{Iterations - 1}", StringComparison.Ordinal), $"the loop ended with {end.Output}");
        Figures["held growth"] = Math.Max(0, HeldMemory.Now() - early) / 1024.0 / 1024;
    });
}
