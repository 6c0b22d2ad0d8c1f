using ActorFlow.Core.Definitions;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Running;

/// <summary>A spec that checks after every run that each task ran once, and none before all that it needs had ended.</summary>
public abstract class OrderedSpec : NodeSpec
{
    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync().ConfigureAwait(false);
        Node.Log.KeepsEntries = true;
    }

    /// <summary>Runs a workflow of handlers several times, one after the other.</summary>
    /// <returns>How long each took, in milliseconds; to check the order is not part of it.</returns>
    private protected async Task<Statistics> RunInOrderAsync(int runs, WorkflowDefinition definition, Payload input, string? output)
    {
        var reference = await Node.RegisterAsync(definition).ConfigureAwait(false);
        var needs = definition.Tasks.ToDictionary(task => task.Id, task => task.Needs.Select(need => need.Task).ToArray(), StringComparer.Ordinal);
        var times = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            times.Add(await RunInOrderAsync(reference, input, output, needs).ConfigureAwait(false));
        }

        return Statistics.Of(times);
    }

    /// <summary>Runs a workflow once.</summary>
    /// <param name="definition">What to run.</param>
    /// <param name="input">Its input.</param>
    /// <param name="output">What it must give; none: whatever it gives.</param>
    /// <param name="needs">The paths of the handlers that must run, each with those that must have ended by then.</param>
    /// <returns>How long it took, in milliseconds.</returns>
    private protected async Task<double> RunInOrderAsync(DefinitionReference definition, Payload input, string? output, IReadOnlyDictionary<string, string[]> needs)
    {
        Node.Log.Clear();
        var took = await RunAsync(definition, input, output).ConfigureAwait(false);
        Node.Log.Check(needs);
        ExpectExecutions(needs.Count);
        return took.TotalMilliseconds;
    }
}
