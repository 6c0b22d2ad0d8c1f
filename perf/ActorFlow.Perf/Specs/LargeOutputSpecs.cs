using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A large output on its way from the task that makes it to the one that takes it.</summary>
public sealed class LargeOutputSpecs : NodeSpec
{
    private const int Runs = 10;
    private const int Characters = 1_000_000;

    private static readonly ImmutableDictionary<string, ITaskHandler> Handlers =
        ImmutableDictionary<string, ITaskHandler>.Empty.Add("text", new TextHandler()).Add("digest", new DigestHandler());

    private static readonly WorkflowDefinition Handover = new()
    {
        Name = "handover",
        Tasks =
        [
            new() { Id = "make", Kind = new TaskKind.Uses("text", Payload.From(new { seed = "${{ input.seed }}", characters = Characters })) },
            new() { Id = "take", Kind = new TaskKind.Uses("digest", Payload.From(new { text = "${{ tasks.make.output }}" })), Needs = [Need.Parse("make")] },
        ],
    };

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new() { Handlers = Handlers };

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "1 MB handed from one task to the next, another text each time; to make and to hash it is part of it")]
    [Spec("X4", Group = "stress")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Allocated, GcPause, ResidentSet(Rss.Peak)]
    [Bar("p50", AtMost = 60)]
    public void Megabyte() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Handover).ConfigureAwait(false);
        var times = new List<double>();
        for (var seed = 0; seed < Runs; seed++)
        {
            var expected = Payload.From(new { take = DigestHandler.Of(TextHandler.TextOf(seed, Characters)) });
            times.Add((await RunAsync(definition, Payload.From(new { seed }), expected.ToString()).ConfigureAwait(false)).TotalMilliseconds);
        }

        ExpectExecutions(Runs * 2);
        Figures["p50"] = Statistics.Of(times).Median;
    });
}
