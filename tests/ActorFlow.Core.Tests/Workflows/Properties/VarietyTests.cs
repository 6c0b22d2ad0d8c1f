using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;
using ActorFlow.Core.Tests.Workflows.Properties.Reference;
using CsCheck;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>Properties are worth what their cases are: everything that can happen does happen in some of them.</summary>
public sealed class VarietyTests
{
    private static readonly (string What, Func<RunCase, RunStory, bool> Happens)[] Things =
    [
        ("completes", (_, story) => story.Outcome == "completed"),
        ("fails", (_, story) => story.Outcome == "failed"),
        ("is cancelled", (_, story) => story.Outcome == "cancelled"),
        ("is terminated", (_, story) => story.Outcome == "terminated"),
        ("runs more than five attempts", (_, story) => story.Attempts.Count > 5),
        ("runs more than ten attempts", (_, story) => story.Attempts.Count > 10),
        ("retries", (_, story) => story.Attempts.Exists(attempt => attempt.Attempt > 1)),
        ("runs in a group in a group", (_, story) => story.Attempts.Exists(attempt => attempt.Path.Count(c => c == '/') >= 2)),
        ("fans out in a loop", (_, story) => story.Attempts.Exists(attempt => attempt.Path.IndexOf('#', StringComparison.Ordinal) is > 0 and var at && attempt.Path.IndexOf('[', at) > 0)),
        ("loops in a fan-out", (_, story) => story.Attempts.Exists(attempt => attempt.Path.Contains("]#1", StringComparison.Ordinal))),
        ("compensates twice", (_, story) => story.Attempts.Count(attempt => attempt.Path.EndsWith("!compensate", StringComparison.Ordinal)) >= 2),
        ("fails to compensate", (_, story) => story.Failures.Exists(failure => failure.Path.EndsWith("!compensate", StringComparison.Ordinal))),
        ("times out as a whole", (_, story) => story.Error == ": TimedOut"),
        ("times out in a task", (_, story) => story.Failures.Exists(failure => failure.Type == "TimedOut")),
        ("misses a deadline", (_, story) => story.Failures.Exists(failure => failure.Type == "DeadlineExceeded")),
        ("loops too long", (_, story) => story.Failures.Exists(failure => failure.Type == "LoopLimitExceeded")),
        ("throws in an expression", (_, story) => story.Failures.Exists(failure => failure.Type == "ExpressionError")),
        ("fails as asked", (_, story) => story.Failures.Exists(failure => failure.Type == "Failed")),
        ("tolerates a failure", (_, story) => story.Outcome == "completed" && story.Tasks.Exists(task => task.Contains(" failed ", StringComparison.Ordinal))),
        ("skips", (_, story) => story.Tasks.Exists(task => task.Contains(" skipped ", StringComparison.Ordinal))),
        ("cancels a task", (_, story) => story.Tasks.Exists(task => task.Contains(" cancelled ", StringComparison.Ordinal))),
        ("joins any", (@case, _) => @case.Definition.Tasks.Any(task => task.Join != Join.All)),
        ("limits the run", (@case, _) => @case.Definition.MaxParallel is not null),
        ("limits a fan-out", (@case, _) => @case.Definition.Tasks.Any(task => task.MaxParallel is not null)),
    ];

    [Fact]
    public void Everything_happens_in_at_least_one_case_of_a_hundred() => AssertHappen(Things, cases: 500, least: 5);

    [Fact]
    public void Everything_that_passes_between_a_run_and_the_world_outside_happens_in_at_least_one_case_of_two_hundred() =>
        AssertHappen(OutsideVariety.Things, cases: 2_000, least: 10);

    [Fact]
    public void Everything_that_people_do_to_a_run_happens_in_at_least_one_case_of_three_hundred() =>
        AssertHappen(SteeringVariety.Things, cases: 2_400, least: 8, Taste.Steered);

    private static void AssertHappen((string What, Func<RunCase, RunStory, bool> Happens)[] things, int cases, int least, Taste? taste = null)
    {
        var gen = new CaseGen(taste ?? Taste.Anything);
        var counts = things.ToDictionary(thing => thing.What, _ => 0);
        for (var seed = 0UL; seed < (ulong)cases; seed++)
        {
            var @case = gen.Generate(new PCG(1, seed), null, out _);
            var story = ReferenceRun.Tell(@case);
            foreach (var (what, _) in things.Where(thing => thing.Happens(@case, story)))
            {
                counts[what]++;
            }
        }

        var rare = counts.Where(count => count.Value < least).ToList();
        Assert.True(rare.Count == 0, $"Too rare: {string.Join(", ", rare)}; all: {string.Join(", ", counts.OrderBy(count => count.Value))}");
    }
}
