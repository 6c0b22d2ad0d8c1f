using ActorFlow.Core.Payloads;

namespace ActorFlow.Perf;

/// <summary>What a run of 1,000 tasks adds to the resident set while it is open, and a node's way to readiness.</summary>
internal static class Memory
{
    private const int Rounds = 5;
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Measures.</summary>
    public static async IAsyncEnumerable<Measured> MeasureAsync()
    {
        await using var node = await EmbeddedNode.StartAsync().ConfigureAwait(false);
        var small = await node.Engine.RegisterAsync(WarmRuns.Linear(10)).ConfigureAwait(false);
        for (var i = 0; i < 200; i++)
        {
            await node.RunAsync(small, Payload.Null).ConfigureAwait(false);
        }

        var values = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // Another definition each time: what compiling it costs belongs to the figure.
            var large = await node.Engine.RegisterAsync(WarmRuns.Linear(1_000) with { Name = $"memory-{round}" }).ConfigureAwait(false);
            var before = Resident();
            await node.RunAsync(large, Payload.Null).ConfigureAwait(false);
            values.Add((Resident() - before) / Mebibyte);
        }

        yield return new(new("a run of 1,000 tasks adds", "MB", 20), values);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
