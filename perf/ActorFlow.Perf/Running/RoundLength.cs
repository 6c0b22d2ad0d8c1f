using System.Diagnostics;

namespace ActorFlow.Perf.Running;

/// <summary>
/// How long a measured round of a throughput spec lasts: its body is repeated until then. A round of some tenths of a second counts a single
/// collection of garbage, or none.
/// </summary>
internal static class RoundLength
{
    /// <summary>What a round lasts at least, in a full run.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    /// <summary>What the last round lasts at least, in a full run: a speed that holds.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>What this execution of a spec lasts at least. Zero means that the body runs once.</summary>
    /// <param name="run">The spec that is being run.</param>
    public static TimeSpan Of(SpecRun run) =>
        !IsWindowed(run.Spec, run.Session.Quick) || run.IsRehearsal ? TimeSpan.Zero : run.IsLast ? Window : Round;

    /// <summary>Whether a spec has rounds of such a length, and the last one is a window.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="quick">Whether warming up may be cut short.</param>
    public static bool IsWindowed(Spec spec, bool quick) => !quick && spec.CountsThroughput && spec.Attribute.WarmUp;

    /// <summary>Repeats a body until it has taken long enough; once at least.</summary>
    /// <param name="least">What that is.</param>
    /// <param name="body">The body.</param>
    public static async Task RepeatAsync(TimeSpan least, Func<Task> body)
    {
        var begun = Stopwatch.GetTimestamp();
        do
        {
            await body().ConfigureAwait(false);
        }
        while (Stopwatch.GetElapsedTime(begun) < least);
    }
}
