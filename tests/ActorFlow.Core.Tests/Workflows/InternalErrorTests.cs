using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>
/// Failure rule 27: what throws in a decision, though no rule foresees it, fails the task that it was thrown for, once. The faults
/// are provoked with payloads that are no JSON, which no door lets in.
/// </summary>
public sealed class InternalErrorTests
{
    private static readonly Payload Broken = Payload.FromTrustedUtf8("""[1,{"a":"""u8.ToArray());

    private static Scenario Of(string yaml) => Scenario.Of(yaml).Handler("broken", _ => Answer.Success(Broken));

    private static IEnumerable<string> Failures(ScenarioRun run) => run.End.Failures.Select(failure => $"{failure.Path} {failure.Type} {failure.Attempts}");

    [Theory]
    [InlineData("uses: work, with: \"${{ tasks.a.output[1].a }}\"")]
    [InlineData("uses: work, retry: { max-attempts: 5 }, with: \"${{ tasks.a.output.map(x => x) }}\"")]
    [InlineData("uses: work, if: \"tasks.a.output[1].a > 1\"")]
    [InlineData("uses: work, for-each: \"${{ tasks.a.output }}\"")]
    [InlineData("set: { x: \"${{ tasks.a.output[1] }}\" }")]
    [InlineData("switch: [{ case: x, if: \"tasks.a.output[1].a\" }]")]
    [InlineData("delay: \"${{ tasks.a.output[1] }}\"")]
    [InlineData("fail: \"${{ tasks.a.output[1] }}\"")]
    [InlineData("workflow: kid, with: \"${{ tasks.a.output[1] }}\"")]
    [InlineData("ask: { kind: choice, prompt: well, options: \"${{ tasks.a.output }}\" }")]
    public void The_task_whose_evaluation_throws_fails_and_not_the_one_that_reported(string b)
    {
        var run = Of($"tasks:\n  a: {{ uses: broken }}\n  b: {{ needs: a, {b} }}\n").RunToEnd();

        Assert.Equal((RunOutcome.Failed, ErrorTypes.InternalError, "b"), (run.Outcome, run.Error.Type, run.Error.Task));
        Assert.Equal(["a:1"], run.Attempts);
        Assert.Single(run.Faults);
        Assert.Equal("b", run.Faults[0].Task);
    }

    [Fact]
    public void What_is_tolerated_goes_on()
    {
        var run = Of("""
            tasks:
              a: { uses: broken }
              b: { needs: a, on-error: continue, set: { x: "${{ tasks.a.output[1] }}" } }
              c: { needs: b, uses: work, with: "${{ tasks.b.error.type }}" }
            output: ${{ tasks.c.output }}
            """).RunToEnd();

        Assert.Equal("\"InternalError\"", run.Output);
        Assert.Single(run.Faults);
    }

    [Fact]
    public void Many_that_throw_in_one_decision_fail_one_after_the_other()
    {
        var run = Of("""
            tasks:
              a: { uses: broken }
              each: { needs: a, for-each: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25], on-error: continue, set: { x: "${{ tasks.a.output[1] }}" } }
            output: ${{ tasks.each.error.failures.length }}
            """).RunToEnd();

        Assert.Equal("25", run.Output);
        Assert.Equal(25, run.Faults.Count);
        Assert.Equal(["a:1"], run.Attempts);
    }

    [Fact]
    public void The_output_of_a_group_fails_the_group_and_that_of_the_run_the_run()
    {
        var group = Of("tasks: { g: { tasks: { a: { uses: broken } }, output: \"${{ tasks.a.output[1] }}\" } }").RunToEnd();
        var whole = Of("tasks: { a: { uses: broken } }\noutput: ${{ tasks.a.output[1] }}").RunToEnd();

        Assert.Equal((ErrorTypes.InternalError, "g"), (group.Error.Type, group.Error.Task));
        Assert.Equal((ErrorTypes.InternalError, ""), (whole.Error.Type, whole.Error.Task));
    }

    [Fact]
    public void A_loop_whose_condition_throws_fails_and_its_iteration_is_compensated()
    {
        var run = Of("""
            on-failure: compensate
            tasks:
              loop: { uses: broken, repeat: { until: "tasks.loop.output[1].a" }, compensate: { uses: undo } }
            """).RunToEnd();

        Assert.Equal(["loop#0:1", "loop#0!compensate:1"], run.Attempts);
        Assert.Equal((ErrorTypes.InternalError, "loop#0"), (run.Error.Type, run.Error.Task));
    }

    [Fact]
    public void A_compensation_whose_input_throws_is_recorded_and_the_rest_go_on()
    {
        var run = Of("""
            on-failure: compensate
            tasks:
              first: { uses: work, compensate: { uses: undo } }
              a: { needs: first, uses: broken, compensate: { uses: undo, with: "${{ tasks.a.output[1] }}" } }
              bad: { needs: a, fail: enough }
            """).RunToEnd();

        Assert.Equal(["first:1", "a:1", "first!compensate:1"], run.Attempts);
        Assert.Equal(["bad Failed 0", "a!compensate InternalError 0"], Failures(run));
    }

    [Fact]
    public void A_report_that_throws_fails_its_attempt_without_another()
    {
        var run = Scenario.Of("tasks: { a: { uses: none, retry: { max-attempts: 5 } } }")
            .Handler("none", _ => Answer.Success(Payload.Null) with { Outcome = new TaskOutcome.Succeeded(null!) }).RunToEnd();

        Assert.Equal(["a:1"], run.Attempts);
        Assert.Equal(["a InternalError 1"], Failures(run));
        Assert.IsType<NullReferenceException>(Assert.Single(run.Faults).Cause);
    }

    [Fact]
    public void An_outcome_without_type_and_message_is_a_failure_like_any_other()
    {
        var run = Scenario.Of("tasks: { a: { uses: mute, retry: { max-attempts: 2 } } }")
            .Handler("mute", _ => Answer.Success(null) with { Outcome = new TaskOutcome.Failed(null!, null!, true, null) }).RunToEnd();

        Assert.Equal(["a:1", "a:2"], run.Attempts);
        Assert.Empty(run.Faults);
    }

    [Fact]
    public void The_end_of_a_child_that_throws_fails_its_task()
    {
        var run = Scenario.Of("tasks: { kid: { workflow: kid } }").Child("kid", _ => ChildEnd.Fails() with { Error = null }).RunToEnd();

        Assert.Equal(["kid InternalError 1"], Failures(run));
        Assert.Single(run.Faults);
    }

    [Fact]
    public void A_start_that_throws_is_refused()
    {
        var start = new WorkflowCommand.Start(ScenarioRun.WorkflowId, Guid.NewGuid(), Guid.NewGuid(), new("scenario", 1, "hash"), Broken);
        var decision = WorkflowDecider.Decide(
            Scenario.Of("input: { type: object, required: [a] }\ntasks: { a: { uses: work } }").NotStarted, start, ScenarioRun.Epoch, 0.5);

        Assert.Equal("internal", Assert.IsType<Decision.Refused>(decision).Code);
        Assert.Single(decision.Faults);
    }

    [Fact]
    public void A_signal_that_throws_is_refused_and_the_run_goes_on()
    {
        var run = Scenario.Of("tasks: { wait: { signal: go, schema: { type: object, required: [a] } } }")
            .Signal("1m", "go", Broken).Signal("2m", "go", new { a = 1 }).RunToEnd();

        Assert.Equal(["internal"], run.Refusals.Select(refusal => refusal.Code));
        Assert.Equal("""{"wait":{"a":1}}""", run.Output);
    }

    [Fact]
    public void A_run_in_which_something_due_can_only_throw_fails_as_a_whole()
    {
        var scenario = Scenario.Of("tasks: { a: { uses: work, with: 1 } }");
        var start = new WorkflowCommand.Start(ScenarioRun.WorkflowId, Guid.NewGuid(), Guid.NewGuid(), new("scenario", 1, "hash"), Payload.Null);
        var open = (WorkflowState.Open)((Decision.Accepted)WorkflowDecider.Decide(scenario.NotStarted, start, ScenarioRun.Epoch, 0.5)).State;

        // Due in a scope that there is not: nothing can be told of it.
        var run = open.Run.Copy(seen: false);
        run.Agenda.Add(new Due(ScenarioRun.Epoch, DueKind.WaitEnded, 99, 0, 0));
        var first = Assert.IsType<Decision.Accepted>(
            WorkflowDecider.Decide(new WorkflowState.Open(run), new WorkflowCommand.Tick(ScenarioRun.WorkflowId), ScenarioRun.Epoch, 0.5));
        var second = Assert.IsType<Decision.Accepted>(
            WorkflowDecider.Decide(first.State, new WorkflowCommand.Continue(ScenarioRun.WorkflowId), ScenarioRun.Epoch, 0.5));

        Assert.NotEmpty(first.Faults);
        Assert.Equal(ErrorTypes.InternalError, ((WorkflowState.Open)first.State).Run.Root.Stop!.Error!.Type);
        Assert.Equal((RunOutcome.Failed, ErrorTypes.InternalError), (Assert.IsType<WorkflowState.Closed>(second.State).Outcome, ((WorkflowState.Closed)second.State).Error!.Type));
    }
}
