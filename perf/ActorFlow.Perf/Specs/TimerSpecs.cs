using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>How late parked runs are that fall due at once.</summary>
public sealed class TimerSpecs : NodeSpec
{
    private const int Timers = 2_000;

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new(PassivateAfter: TimeSpan.FromMilliseconds(100));

    // What falls due within two minutes is waited for in memory: these are to be woken. All rounds wait at the same time, each for its own.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(126);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(3);

    private static readonly Queue<(DateTimeOffset Due, IReadOnlyList<string> Ids)> Waiting = [];
    private static int _completed;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "2,000 timers of parked runs, due at once, have all fired after")]
    [Spec("timers", WarmUp = false, Quick = false, TimeoutSeconds = 240)]
    [Figure("late", "s")]
    [Bar("late", AtMost = 3)]
    public void DueAtOnce() => Measure(async () =>
    {
        if (Waiting.Count == 0)
        {
            _completed = 0;
            var first = DateTimeOffset.UtcNow + Wait;
            for (var round = 0; round < Rounds; round++)
            {
                var at = first + (round * Apart);
                Waiting.Enqueue((at, await StartAsync(at).ConfigureAwait(false)));
            }

            await Node.UntilParkedAsync().ConfigureAwait(false);
        }

        var (due, ids) = Waiting.Dequeue();
        Expect(DateTimeOffset.UtcNow < due - TimeSpan.FromSeconds(1), "the runs were not parked before they fell due");
        using var timer = new PeriodicTimer(due - DateTimeOffset.UtcNow);
        await timer.WaitForNextTickAsync().ConfigureAwait(false);
        // Whoever asked a run how it ends would wake it: only the index is asked until they are done.
        await Node.UntilCompletedAsync(_completed += Timers).ConfigureAwait(false);
        var ends = await Task.WhenAll(ids.Select(id => Node.Engine.EndOfAsync(id))).ConfigureAwait(false);
        var open = ends.Count(end => end.Outcome != RunOutcome.Completed);
        Expect(open == 0, $"{open} of {Timers:n0} runs did not complete.");
        var early = due - ends.Min(end => end.ClosedAt);
        Expect(early <= TimeSpan.Zero, $"a timer fired {early.TotalMilliseconds} ms early.");
        Figures["late"] = (ends.Max(end => end.ClosedAt) - due).TotalSeconds;
    });

    private async Task<IReadOnlyList<string>> StartAsync(DateTimeOffset due)
    {
        var definition = await Node.RegisterAsync(new()
        {
            // The node registers each name once.
            Name = string.Create(CultureInfo.InvariantCulture, $"timer-{due.UtcTicks}"),
            Tasks = [new TaskDefinition { Id = "wait", Kind = new TaskKind.Delay(due.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)) }],
        }).ConfigureAwait(false);
        return await Node.StartManyAsync(definition, Timers).ConfigureAwait(false);
    }
}
