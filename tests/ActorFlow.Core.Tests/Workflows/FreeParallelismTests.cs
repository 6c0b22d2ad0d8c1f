namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rule 34: what <c>max-parallel</c> counts, and who is next.</summary>
public sealed class FreeParallelismTests
{
    private static int AtOnce(ScenarioRun run) =>
        run.Started.Max(one => run.Started.Count(other => other.At <= one.At && other.EndedAt > one.At));

    [Fact]
    public void Rule_34_The_run_s_max_parallel_counts_attempts_offered_or_running()
    {
        var run = Scenario.Of("""
            max-parallel: 3
            tasks:
              a: { for-each: [1, 2, 3, 4, 5], uses: work }
              g: { tasks: { x: { uses: work }, y: { uses: work } } }
            """).Handler("work", _ => Answer.Success().QueuedFor("10s").After("50s")).RunToEnd();

        Assert.Equal((3, 7), (AtOnce(run), run.Started.Count));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2], run.Started.Select(e => (int)e.At.TotalMinutes));
    }

    [Fact]
    public void Rule_34_It_does_not_count_groups_waits_and_backoffs()
    {
        var run = Scenario.Of("""
            max-parallel: 1
            tasks:
              wait: { delay: 10m }
              group: { tasks: { x: { tasks: { y: { uses: work } } } } }
              again: { uses: broken, priority: 9, retry: { max-attempts: 2, initial: 5m, max: 5m } }
            """).Fails("broken", times: 1).Takes("work", "1m").RunToEnd();

        Assert.Equal(["again", "group/x/y", "again"], run.Paths);
        Assert.Equal(TimeSpan.Zero, run.First("group/x/y").At);
        Assert.Equal(TimeSpan.FromMinutes(10), run.Took);
    }

    [Fact]
    public void Rule_34_A_task_s_max_parallel_counts_its_unsettled_elements_whole()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [0, 1, 2], max-parallel: 1, uses: work, retry: { max-attempts: 2, initial: 5m, max: 5m }, repeat: { until: iteration === 1, delay: 1m } }
            """).Handler("work", e => e.Attempt == 1 && e.Path.EndsWith("#0", StringComparison.Ordinal) ? Answer.Failure() : 0).RunToEnd();

        Assert.Equal(["each[0]#0:1", "each[0]#0:2", "each[0]#1:1", "each[1]#0:1"], run.Attempts.Take(4));
        Assert.Equal([0, 5, 6, 6], run.Started.Take(4).Select(e => (int)e.At.TotalMinutes));
    }

    [Fact]
    public void Rule_34_A_task_s_max_parallel_bounds_groups_too()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [0, 1, 2], max-parallel: 2, tasks: { x: { delay: 1m }, y: { uses: work, needs: x } } }
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal([1, 1, 3], run.Started.Select(e => (int)e.At.TotalMinutes));
    }

    [Fact]
    public void Rule_34_When_limited_higher_priority_goes_first_then_file_order_then_index()
    {
        var run = Scenario.Of("""
            max-parallel: 1
            tasks:
              low: { uses: work, priority: 1 }
              b: { for-each: [0, 1], uses: work }
              g: { tasks: { x: { uses: work }, high: { uses: work, priority: 7 } } }
              a: { uses: work }
              urgent: { uses: work, priority: 9 }
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal(["urgent", "g/high", "b[0]", "b[1]", "g/x", "a", "low"], run.Paths);
    }

    [Fact]
    public void Rule_34_A_lost_attempt_keeps_its_place()
    {
        var lost = false;
        var run = Scenario.Of("""
            max-parallel: 1
            tasks:
              a: { uses: work }
              b: { uses: work }
            """).Handler("work", e => e.Path == "a" && !lost && (lost = true) ? Answer.Lost.After("1m") : Answer.Success().After("1m")).RunToEnd();

        Assert.Equal(["a", "a", "b"], run.Paths);
    }

    [Fact]
    public void Rule_34_An_attempt_that_was_taken_back_keeps_its_place_until_it_has_ended()
    {
        var run = Scenario.Of("""
            max-parallel: 1
            tasks:
              a: { uses: stubborn, deadline: 1m, on-error: continue }
              b: { uses: work }
            """).Handler("stubborn", _ => Answer.Success().After("10m").DespiteCancel()).RunToEnd();

        Assert.Equal(TimeSpan.FromMinutes(10), run.First("b").At);
    }
}
