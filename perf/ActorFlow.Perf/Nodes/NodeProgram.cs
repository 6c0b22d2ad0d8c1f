using System.Text.Json;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Perf.Nodes;

/// <summary>What a node in a process of its own has to do.</summary>
/// <param name="Storage">Where its runs are kept.</param>
/// <param name="Executions">Its <see cref="ExecutionFile"/>.</param>
/// <param name="Runs">How many runs there are, <c>run-0</c> and so on.</param>
/// <param name="Steps">How many steps each has.</param>
/// <param name="Milliseconds">How long each step takes.</param>
/// <param name="Work">What it is there for.</param>
internal sealed record NodeOrder(NodeStorage Storage, string Executions, int Runs, int Steps, int Milliseconds, NodeWork Work)
{
    /// <summary>Where it stands in a cluster of several; none: it is alone and does everything.</summary>
    public NodePlace? Place { get; init; }
}

/// <summary>What a node in a process of its own is there for.</summary>
internal enum NodeWork
{
    /// <summary>Starts all runs, and lives until it is killed.</summary>
    Start,

    /// <summary>Is there until all runs have completed.</summary>
    Complete,

    /// <summary>Runs tasks of others, for as long as its input is open.</summary>
    Serve,
}

/// <summary>This program as a node: reads its order from standard input, says on standard output how far it is, and ends with its input.</summary>
internal static class NodeProgram
{
    /// <summary>The hidden option by which a process knows that it is one.</summary>
    public const string Option = "--node";

    /// <summary>All runs are durably started.</summary>
    public const string Accepted = "accepted";

    /// <summary>It serves.</summary>
    public const string Ready = "ready";

    /// <summary>All runs have completed.</summary>
    public const string Complete = "complete";

    /// <summary>Follows an order.</summary>
    /// <param name="input">Where the order comes from.</param>
    /// <param name="output">Where it says how far it is.</param>
    /// <returns>0: all is well; 1: some run gave something else.</returns>
    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        var order = JsonSerializer.Deserialize<NodeOrder>((await input.ReadLineAsync().ConfigureAwait(false))!)!;
        var node = await EmbeddedNode.StartAsync(order.Storage, new(ExecutionFile: order.Executions) { Place = order.Place }).ConfigureAwait(false);
        await using var stop = node.ConfigureAwait(false);
        switch (order.Work)
        {
            case NodeWork.Start:
                if (order.Place is { } place)
                {
                    // Nodes that do not know of each other yet would not find together without the one that is about to be killed.
                    await node.UntilUpAsync(place.Ports.Length).ConfigureAwait(false);
                }

                await StartAsync(node, order).ConfigureAwait(false);
                await output.WriteLineAsync(Accepted).ConfigureAwait(false);
                break;
            case NodeWork.Serve:
                await output.WriteLineAsync(Ready).ConfigureAwait(false);
                break;
            default:
                // Nobody asks for a run before: they have to come back by themselves.
                await node.UntilCompletedAsync(order.Runs).ConfigureAwait(false);
                await output.WriteLineAsync(Complete).ConfigureAwait(false);
                return await AreAsExpectedAsync(node, order).ConfigureAwait(false) ? 0 : 1;
        }

        await input.ReadLineAsync().ConfigureAwait(false);
        return 0;
    }

    private static async Task StartAsync(EmbeddedNode node, NodeOrder order)
    {
        var definition = await node.RegisterAsync(Specs.Graphs.LinearSleeps(order.Steps, order.Milliseconds)).ConfigureAwait(false);
        await Task.WhenAll(Ids(order).Select(id => node.Engine.StartAsync(id, definition, Payload.Null))).ConfigureAwait(false);
    }

    private static async Task<bool> AreAsExpectedAsync(EmbeddedNode node, NodeOrder order)
    {
        var ends = await Task.WhenAll(Ids(order).Select(id => node.Engine.EndOfAsync(id))).ConfigureAwait(false);
        return ends.All(end => end.Outcome == RunOutcome.Completed && end.Output.ToString() == Specs.Graphs.LinearSleepsOutput(order.Steps));
    }

    private static IEnumerable<string> Ids(NodeOrder order) => Enumerable.Range(0, order.Runs).Select(run => $"run-{run}");
}
