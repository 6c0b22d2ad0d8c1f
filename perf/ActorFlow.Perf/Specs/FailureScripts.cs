using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Perf.Specs;

/// <summary>Workflows whose tasks fail some times first, by a script that is the same each time.</summary>
internal static class FailureScripts
{
    private const int Seed = 20_261_123;

    /// <summary>How often each task fails.</summary>
    /// <param name="tasks">How many tasks there are.</param>
    /// <param name="atLeast">The least times.</param>
    /// <param name="atMost">The most times.</param>
    public static int[] Draw(int tasks, int atLeast, int atMost)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, tasks).Select(_ => random.Next(atLeast, atMost + 1))];
    }

    /// <summary>Independent tasks that fail by a script; each has one attempt more than it needs.</summary>
    public static WorkflowDefinition Independent(int[] failures) => new()
    {
        Name = $"failing-{failures.Length}",
        Tasks = [.. failures.Select((times, task) => Flaky(task, times))],
    };

    /// <summary>What <see cref="Independent"/> gives: the attempt that succeeded, of each.</summary>
    public static string IndependentOutput(int[] failures) =>
        $"{{{string.Join(',', failures.Select((times, task) => string.Create(CultureInfo.InvariantCulture, $"\"t{task}\":{{\"attempt\":{times + 1}}}")))}}}";

    /// <summary>
    /// Branches that fail by a script, half of them only after a signal, every tenth with a checkpoint of its own, and their join;
    /// a checkpoint is taken every 20 events besides.
    /// </summary>
    public static WorkflowDefinition Stress(int[] failures) => new()
    {
        Name = $"stress-{failures.Length}",
        CheckpointEvery = 20,
        Tasks =
        [
            new() { Id = "gate", Kind = new TaskKind.Signal("go", null) },
            .. failures.Select((times, task) => Flaky(task, times) with { Needs = task % 2 == 0 ? [] : [Need.Parse("gate")], Checkpoint = task % 10 == 0 }),
            new()
            {
                Id = "join",
                Kind = new TaskKind.Uses("echo", Payload.From(new { go = "${{ tasks.gate.output.n }}", last = $"${{{{ tasks.t{failures.Length - 1}.output.attempt }}}}" })),
                Needs = [.. failures.Select((_, task) => Need.Parse($"t{task}"))],
            },
        ],
    };

    /// <summary>What <see cref="Stress"/> gives.</summary>
    /// <param name="failures">Its script.</param>
    /// <param name="go">What its signal said.</param>
    public static string StressOutput(int[] failures, int go) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""{"join":{"go":{{{go}}},"last":{{{failures[^1] + 1}}}}}""");

    private static TaskDefinition Flaky(int number, int failures) => new()
    {
        Id = $"t{number}",
        Kind = new TaskKind.Uses("flaky", Payload.From(new { failures })),
        Retry = new() { MaxAttempts = failures + 2, Backoff = Backoff.Constant, Initial = TimeSpan.FromMilliseconds(1), Jitter = 0 },
    };
}
