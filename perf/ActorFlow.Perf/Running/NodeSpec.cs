using System.Collections.Concurrent;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;
using NBench;

namespace ActorFlow.Perf.Running;

/// <summary>A spec on a node of the run's store, which the specs of its class share from execution to execution.</summary>
public abstract class NodeSpec : PerfSpec
{
    /// <summary>The counter of handler executions, where a spec measures it.</summary>
    public const string Tasks = "tasks";

    /// <summary>The counter of completed runs, where a spec measures it.</summary>
    public const string Workflows = "workflows";

    private EmbeddedNode? _node;
    private Counter? _workflows;

    /// <summary>How the node differs from any other.</summary>
    protected virtual NodeOptions Options { get; } = new();

    private protected EmbeddedNode Node => _node ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>Where the node's runs are kept: in the store of the run, but for a spec that is about another.</summary>
    private protected virtual IDatabase Database => SpecRun.Current.Session.Database;

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        _node = await NodeLease.AcquireAsync(GetType(), Options, Database).ConfigureAwait(false);
        _node.Log.Counter = Context!.CounterExists(Tasks) ? Context.GetCounter(Tasks) : null;
        _workflows = Context.CounterExists(Workflows) ? Context.GetCounter(Workflows) : null;
    }

    /// <inheritdoc/>
    protected override Task ReleaseAsync()
    {
        if (_node is { } node)
        {
            node.Log.Counter = null;
            node.Log.KeepsEntries = false;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Measure(Func<Task> body)
    {
        try
        {
            base.Measure(() =>
            {
                Node.Log.Clear();
                return body();
            });
        }
        catch
        {
            // What went wrong may still go on there: the next spec gets another node.
            NodeLease.EndAsync().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Checks how many handlers have run since the body last began.</summary>
    /// <param name="expected">How many must have.</param>
    /// <exception cref="InvalidOperationException">It were more, or fewer.</exception>
    protected void ExpectExecutions(int expected) =>
        Expect(Node.Log.Count == expected, $"{Node.Log.Count:n0} handlers ran instead of {expected:n0}.");

    private protected async Task<TimeSpan> RunAsync(DefinitionReference definition, Payload input, string? output = null)
    {
        var (took, given) = await Node.RunAsync(definition, input).ConfigureAwait(false);
        Expect(output is null || given.ToString() == output, $"{definition.Name} gave {given} instead of {output}.");
        CountWorkflow();
        return took;
    }

    /// <summary>Counts a run that has completed.</summary>
    protected void CountWorkflow() => _workflows?.Increment();

    /// <summary>Runs a workflow several times, one after the other or some at once.</summary>
    /// <returns>How long each took, in milliseconds.</returns>
    private protected async Task<Statistics> RunManyAsync(int runs, int inFlight, DefinitionReference definition, Payload input, string? output = null)
    {
        var times = new ConcurrentBag<double>();
        var left = runs;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                times.Add((await RunAsync(definition, input, output).ConfigureAwait(false)).TotalMilliseconds);
            }
        })).ConfigureAwait(false);
        Expect(times.Count == runs, $"{times.Count:n0} runs completed instead of {runs:n0}.");
        return Statistics.Of([.. times]);
    }
}
