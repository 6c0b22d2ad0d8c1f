using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>What a run keeps count of as it goes must be what one would find by looking at all of it.</summary>
public sealed class AccountTests
{
    private const string Mixed = """
        on-failure: compensate
        max-parallel: 3
        tasks:
          a: { uses: work, with: { big: "${{ 'x'.repeat(100) }}" }, compensate: { uses: undo, with: "${{ tasks.a.output }}" } }
          s: { set: { v: "${{ 'y'.repeat(50) }}" }, needs: a }
          each:
            for-each: [aaaa, bbb, cc, d, e]
            max-parallel: 2
            on-error: continue
            uses: flaky
            with: "${{ item }}"
            retry: { max-attempts: 2, initial: 5m }
            repeat: { until: iteration === 1, delay: 2m }
            compensate: { uses: undo, with: "${{ item }}" }
          group:
            for-each: [[1, 2], [3]]
            repeat: { while: iteration < 1 }
            timeout: 1h
            tasks:
              x: { for-each: "${{ item }}", uses: work, with: "${{ item }}", deadline: 1h }
              y: { delay: 3m, needs: x }
              z: { uses: slow, needs: y, with: zzz }
          after: { uses: work, needs: [each, group] }
        """;

    private static Scenario Scenario(string? cancelAt)
    {
        var scenario = Workflows.Scenario.Of(Mixed).Input("the input")
            .Handler("work", e => Answer.Success(e.Input).After("1m"))
            .Handler("slow", _ => Answer.Success("slow").After("2m").DespiteCancel())
            .Handler("flaky", e => e.Attempt == 1 && e.Path.Contains("#0", StringComparison.Ordinal) || e.Path.StartsWith("each[3]", StringComparison.Ordinal) ? Answer.Failure() : e.Input);
        return cancelAt is null ? scenario : scenario.Cancel(cancelAt);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("30s")]
    [InlineData("4m30s")]
    [InlineData("8m30s")]
    [InlineData("11m30s")]
    public void Bytes_timers_and_outstanding_attempts_are_counted_exactly_after_every_commit(string? cancelAt)
    {
        var scenario = Scenario(cancelAt);
        var run = scenario.RunToEnd();
        Assert.Equal(cancelAt is null ? RunOutcome.Completed : RunOutcome.Cancelled, run.Outcome);

        var state = scenario.NotStarted;
        var looked = 0;
        foreach (var commit in run.Commits)
        {
            state = WorkflowDecider.Evolve(state, commit);
            if (state is WorkflowState.Open open)
            {
                Check(open.Run);
                looked++;
            }
        }

        Assert.Equal(run.Commits.Count - 1, looked);
    }

    private static void Check(RunState run)
    {
        Assert.Equal(Holdings.BytesOf(run), run.Quota.Bytes);

        var undoing = run.Compensation.Current is { } current ? [current.Execution] : Array.Empty<TaskExecutionState>();
        var executions = Holdings.ExecutionsOf(run).ToList();
        var timers = executions.Concat(undoing).Sum(execution => (execution.DueAt is null ? 0 : 1) + (execution.DeadlineAt is null ? 0 : 1) + (execution.TimeoutAt is null ? 0 : 1))
            + run.Scopes.Values.Count(scope => scope.TimeoutAt is not null);
        Assert.Equal(timers, run.Agenda.Dues.Count);

        Assert.Equal(executions.Concat(undoing).Count(execution => execution.Phase == TaskExecutionPhase.Attempting), run.Active.Count);
        Assert.All(run.Scopes.Values, scope => Assert.Equal(scope.Tasks.Count(task => !task.IsSettled), scope.Unsettled));
        Assert.Empty(Holdings.LostScopesOf(run));
    }
}
