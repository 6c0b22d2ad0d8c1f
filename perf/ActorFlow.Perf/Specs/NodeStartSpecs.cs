using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>How soon a node that is its own cluster is there: from the start of its host to the first answer of a run.</summary>
public sealed class NodeStartSpecs : PerfSpec
{
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a node is ready, its first run accepted")]
    [Spec("ready")]
    [Figure("ready", "s"), Allocated]
    [Bar("ready", AtMost = 1)]
    public void Ready() => Measure(async () =>
    {
        var storage = await SpecRun.Current.Session.Database.CreateAsync().ConfigureAwait(false);
        await using var removal = storage.ConfigureAwait(false);
        EmbeddedNode? node = null;
        try
        {
            Figures["ready"] = await TimeAsync(async () =>
            {
                node = await EmbeddedNode.StartAsync(storage, new()).ConfigureAwait(false);
                var definition = await node.RegisterAsync(Graphs.Linear(1)).ConfigureAwait(false);
                await node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
            }).ConfigureAwait(false) / 1_000;
        }
        finally
        {
            await (node?.DisposeAsync() ?? default).ConfigureAwait(false);
        }
    });
}
