using System.Diagnostics;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Perf;

/// <summary>How soon a node that is its own cluster is there: from the start of its host to the first answer of a run.</summary>
internal static class Readiness
{
    private const int Rounds = 5;

    /// <summary>Measures.</summary>
    public static async IAsyncEnumerable<Measured> MeasureAsync()
    {
        var values = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var node = await EmbeddedNode.StartAsync().ConfigureAwait(false);
            var definition = await node.Engine.RegisterAsync(WarmRuns.Linear(1)).ConfigureAwait(false);
            await node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
            if (round > 0)
            {
                values.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }
        }

        yield return new(new("a node is ready, its first run accepted", "s", 1), values);
    }
}
