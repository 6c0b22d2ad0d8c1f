using ActorFlow.Core.Definitions;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A long run that has left memory and is asked for something.</summary>
public sealed class RecoverySpecs : NodeSpec
{
    private const int Iterations = 10_000;

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new(PassivateAfter: TimeSpan.FromMilliseconds(50));

    // 75 KB, of which what the node does beside it is 9 %: no gate.
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "recover a run of 10,000 events from its checkpoint")]
    [Spec("recover", Group = "checkpoints")]
    [Figure("recover", "ms"), Allocated(Varies = true)]
    [Bar("recover", AtMost = 30)]
    public void TenThousandEvents() => Measure(async () =>
    {
        var id = await Node.OnceAsync("long run", LongRunAsync).ConfigureAwait(false);
        await Node.UntilParkedAsync().ConfigureAwait(false);
        WorkflowReply? status = null;
        Figures["recover"] = await TimeAsync(async () => status = await Node.Engine.StatusOfAsync(id).ConfigureAwait(false)).ConfigureAwait(false);
        Expect(status is WorkflowReply.Status { Progress.Settled: 1 }, $"the run said {status}");
    });

    private async Task<string> LongRunAsync()
    {
        var wait = Graphs.SignalWait().Tasks[0] with { Needs = [new("loop", null)] };
        var definition = await Node.RegisterAsync(new() { Name = "loop-then-wait", Tasks = [Graphs.Loop(Iterations, "true", ErrorPolicy.Continue), wait] }).ConfigureAwait(false);
        var id = await Node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        while (await Node.Engine.StatusOfAsync(id).ConfigureAwait(false) is WorkflowReply.Status { Progress.Settled: 0 })
        {
        }

        return id;
    }
}
