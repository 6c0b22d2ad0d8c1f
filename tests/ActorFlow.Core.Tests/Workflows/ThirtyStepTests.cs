using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>A run of thirty steps of all kinds, taken back to and forked from every checkpoint that it could have.</summary>
public sealed class ThirtyStepTests
{
    private const string Steps = """
        tasks:
          a1: { uses: work }
          a2: { set: { n: "${{ input.n }}" }, needs: a1 }
          a3: { uses: work, needs: a2, with: "${{ tasks.a2.output.n }}" }
          fan: { for-each: [1, 2, 3, 4], max-parallel: 2, uses: work, with: "${{ item }}", needs: a3 }
          loop: { uses: work, with: "${{ iteration }}", repeat: { until: iteration === 2 }, needs: fan }
          group:
            needs: loop
            for-each: [x, y]
            tasks:
              g1: { uses: work, with: "${{ item }}" }
              g2: { delay: 5m, needs: g1 }
              g3: { uses: flaky, with: "${{ item }}", retry: { max-attempts: 2, initial: 1m }, needs: g2 }
          choose: { switch: [{ case: left, if: "false" }, { case: right }], needs: group }
          left: { uses: work, needs: choose.left }
          right: { uses: work, needs: choose.right }
          listen: { signal: go, needs: right }
          ask: { ask: { kind: rating, prompt: p }, needs: listen }
          kid: { workflow: other, with: 7, needs: ask }
          b1: { uses: work, needs: [kid, left] }
          b2: { uses: work, needs: b1 }
          b3: { uses: work, needs: b2 }
          b4: { uses: work, needs: b3 }
          b5: { uses: work, needs: b4 }
          b6: { uses: work, needs: b5 }
          b7: { uses: work, needs: b6 }
        output:
          fan: ${{ tasks.fan.output }}
          loop: ${{ tasks.loop.output }}
          group: ${{ tasks.group.output }}
          listen: ${{ tasks.listen.output }}
          ask: ${{ tasks.ask.output.value }}
          kid: ${{ tasks.kid.output }}
          n: ${{ tasks.a3.output }}
        """;

    private const string Result =
        """{"fan":[1,2,3,4],"loop":2,"group":[{"g3":"x"},{"g3":"y"}],"listen":"here","ask":4,"kid":7,"n":1}""";

    private static Scenario Scenario() => Workflows.Scenario.Of(Steps).Input(new { n = 1 }).Takes("work", "1m")
        .Handler("flaky", e => e.Attempt == 1 ? Answer.Failure().After("1m") : Answer.Success(e.Input).After("1m"))
        .Child("other", child => ChildEnd.Completes(child.Order.Input).After("10m"));

    private static Scenario WithPeople(Scenario scenario, string signalAt, string answerAt) => scenario.Signal(signalAt, "go", "here").Reply(answerAt, "ask", 4);

    private static ScenarioRun Whole { get; } = WithPeople(Scenario(), "3h", "4h").RunToEnd();

    /// <summary>Attempts that had ended in success after so many commits, by path.</summary>
    private static HashSet<string> DoneAfter(int commits)
    {
        var done = new HashSet<string>();
        for (var i = 0; i < commits; i++)
        {
            if (i > 0 && Whole.StateAfter(i) is WorkflowState.Open open)
            {
                done.UnionWith(Whole.Commits[i].Events.Take(1).OfType<WorkflowEvent.TaskExecutionCompleted>().Select(e => open.Run.PathOf(e.Execution)));
            }
        }

        return done;
    }

    /// <summary>What has still to be started: what had not succeeded by then.</summary>
    private static List<string> LeftAfter(int commits) =>
        [.. Whole.Started.Where(execution => !DoneAfter(commits).Contains(execution.Path)).Select(execution => execution.Path).Distinct().Order(StringComparer.Ordinal)];

    [Fact]
    public void The_run_itself_ends_as_it_should_after_thirty_steps()
    {
        Assert.Equal(Result, Whole.Output);
        Assert.InRange(Whole.Commits.Count, 30, 60);
        Assert.Equal(23, Whole.Started.Count);
    }

    public static TheoryData<int> Checkpoints => [.. Enumerable.Range(1, Whole.Commits.Count - 1)];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Taken_back_after_its_end_it_runs_exactly_what_was_left_at_the_checkpoint(int to)
    {
        var run = WithPeople(WithPeople(Scenario(), "3h", "4h").Rewind("10h", to), "13h", "14h").RunToEnd();
        var again = run.Started.Where(execution => execution.Order.Attempt.Generation == 2).ToList();

        Assert.Equal((RunOutcome.Completed, Result), (run.Outcome, run.Output));
        Assert.Equal(Whole.Started.Count, run.Started.Count - again.Count);
        Assert.Equal(LeftAfter(to), again.Select(execution => execution.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.All(again.GroupBy(execution => execution.ToString()), attempt => Assert.Single(attempt));
        Assert.Equal(
            run.Started.Select(execution => execution.Path).Distinct().Count() + LeftAfter(to).Count,
            run.Started.Select(execution => execution.Order.IdempotencyKey).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Taken_back_as_soon_as_the_checkpoint_is_there_it_ends_as_it_should(int to)
    {
        var at = Whole.Commits[to - 1].At - ScenarioRun.Epoch + TimeSpan.FromSeconds(1);
        var run = WithPeople(WithPeople(Scenario(), "3h", "4h").Rewind($"{at.TotalSeconds:0}s", to), "13h", "14h").RunToEnd();

        Assert.Equal((RunOutcome.Completed, Result), (run.Outcome, run.Output));
        Assert.Equal(LeftAfter(to), run.Started.Where(e => e.Order.Attempt.Generation == 2).Select(e => e.Path).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Forked_it_runs_exactly_what_was_left_at_the_checkpoint(int after)
    {
        var fork = WithPeople(Scenario(), "13h", "14h").Fork(Whole, after);

        Assert.Equal((RunOutcome.Completed, Result), (fork.Outcome, fork.Output));
        Assert.Equal(LeftAfter(after), fork.Paths.Distinct().Order(StringComparer.Ordinal));
        Assert.All(fork.Started.GroupBy(execution => execution.ToString()), attempt => Assert.Single(attempt));
        Assert.DoesNotContain(fork.Started, execution => execution.Order.IdempotencyKey.StartsWith($"{ScenarioRun.RunId:n}", StringComparison.Ordinal));
    }
}
