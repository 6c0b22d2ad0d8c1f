using ActorFlow.Core.Payloads;

namespace ActorFlow.Perf;

/// <summary>What a run of 1,000 tasks adds to the resident set at its peak, garbage included.</summary>
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
            var peak = await PeakDuringAsync(node.RunAsync(large, Payload.Null)).ConfigureAwait(false);
            values.Add((peak - before) / Mebibyte);
        }

        yield return new(new("a run of 1,000 tasks adds, at its peak", "MB", 20), values);
    }

    private static async Task<long> PeakDuringAsync(Task run)
    {
        var peak = Environment.WorkingSet;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!run.IsCompleted)
        {
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            peak = Math.Max(peak, Environment.WorkingSet);
        }

        await run.ConfigureAwait(false);
        return peak;
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
