using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 11, 30 and 31: child workflows.</summary>
public sealed class ChildTests
{
    [Fact]
    public void A_child_gets_its_input_and_its_output_is_the_task_s()
    {
        var run = Scenario.Of("""
            tasks: { kid: { workflow: other, with: { n: "${{ input.n + 1 }}" } } }
            output: ["${{ tasks.kid.output.doubled }}", "${{ tasks.kid.attempts }}"]
            """).Input(new { n = 1 }).Child("other", child => ChildEnd.Completes(new { doubled = child.Order.Input.To<Dictionary<string, int>>()!["n"] * 2 }).After("1h")).RunToEnd();

        Assert.Equal("[4,1]", run.Output);
        Assert.Equal(TimeSpan.FromHours(1), run.Took);
        var order = Assert.Single(run.Children).Order;
        Assert.Equal(("run/kid", "other", "run", 1), (order.ChildId, order.Name, order.Link.WorkflowId, order.Link.Depth));
        Assert.Equal(order.Attempt, order.Link.Attempt);
    }

    [Fact]
    public void Rule_11_A_child_s_id_names_the_groups_elements_and_iterations_on_the_way()
    {
        var run = Scenario.Of("""
            tasks:
              kid: { workflow: other }
              each: { for-each: [x, y], workflow: other, needs: kid }
              loop: { workflow: other, repeat: { until: iteration === 1 }, needs: each }
              group:
                needs: loop
                for-each: [x, y, z]
                max-parallel: 1
                tasks: { kid: { workflow: other, repeat: { until: iteration === 1 } } }
            """).RunToEnd();

        Assert.Equal(
            ["run/kid", "run/each.0", "run/each.1", "run/loop~0", "run/loop~1", "run/group.0/kid~0", "run/group.0/kid~1", "run/group.1/kid~0",
                "run/group.1/kid~1", "run/group.2/kid~0", "run/group.2/kid~1"],
            run.ChildIds);
    }

    [Theory]
    [InlineData(100, 97, null)]
    [InlineData(100, 98, "IdTooLong")]
    public void Rule_11_Over_200_characters_the_task_fails(int outer, int inner, string? error)
    {
        // run, a slash, the group, a slash, the task: 3 + 1 + 98 + 1 + 97.
        var run = Scenario.Of($"tasks: {{ {new string('g', outer - 2)}: {{ tasks: {{ {new string('k', inner)}: {{ workflow: other }} }} }} }}").RunToEnd();

        Assert.Equal(error, run.End.Error?.Type);
        Assert.Equal(error is null ? 1 : 0, run.Children.Count);
    }

    [Theory]
    [InlineData(19, null)]
    [InlineData(20, "DepthExceeded")]
    public void Children_stand_at_most_20_levels_below_the_topmost_run(int depth, string? error)
    {
        var run = Scenario.Of("tasks: { kid: { workflow: other } }").AsChild(depth).RunToEnd();

        Assert.Equal(error, run.End.Error?.Type);
        Assert.All(run.Children, child => Assert.Equal(20, child.Order.Link.Depth));
    }

    [Fact]
    public void Rule_30_What_a_child_runs_is_found_when_it_starts_and_recorded()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other@7 }, b: { workflow: other } }").RunToEnd();

        Assert.Equal([("other", 1), ("other", 7)], run.Children.Select(child => (child.Order.Definition!.Name, child.Order.Definition.Version)).Order());
        Assert.Equal(2, run.Events.OfType<WorkflowEvent.ChildResolved>().Count());
    }

    [Theory]
    [InlineData("other", 3)]
    [InlineData("other@2", 2)]
    [InlineData("other@9", 9)]
    [InlineData("another", 1)]
    public void Rule_30_The_document_s_own_definition_comes_before_any_registered_one(string name, int version)
    {
        DefinitionReference[] own = [new("other", 2, "own"), new("other", 3, "own")];
        var run = Scenario.Of($"tasks: {{ a: {{ workflow: {name} }} }}").Companions(own).RunToEnd();
        var order = Assert.Single(run.Children).Order;

        Assert.Equal((version, version is 2 or 3 ? "own" : "registered"), (order.Definition!.Version, order.Definition.Hash));
        Assert.Equal(own, order.Companions);
    }

    [Theory]
    [InlineData("other", "No workflow 'other' is registered.")]
    [InlineData("other@3", "No workflow 'other@3' is registered.")]
    public void Rule_30_A_workflow_that_does_not_exist_fails_the_task(string name, string message)
    {
        var run = Scenario.Of($"tasks: {{ a: {{ workflow: {name} }} }}").Unknown("other").RunToEnd();

        Assert.Equal(new TaskError("WorkflowNotFound", message, "a"), run.Error);
        Assert.Empty(run.Children);
        Assert.Equal([new FailedTask("a", "WorkflowNotFound", message, 1)], run.End.Failures);
    }

    [Fact]
    public void Rule_30_An_input_that_the_child_refuses_fails_the_task()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other } }").Child("other", _ => ChildEnd.Refused("InvalidInput", "n is missing")).RunToEnd();

        Assert.Equal(new TaskError("InvalidInput", "n is missing", "a"), run.Error);
    }

    [Fact]
    public void Rule_14_A_child_s_failure_fails_the_task_with_its_error_and_path()
    {
        var run = Scenario.Of("tasks: { g: { tasks: { a: { for-each: [1], workflow: other } } } }")
            .Child("other", _ => ChildEnd.Fails("CardDeclined", "no money", "charge")).RunToEnd();

        Assert.Equal(("CardDeclined", "no money", "g/a[0]/charge"), (run.Error.Type, run.Error.Message, run.Error.Task));
        Assert.Equal("g/a[0]/charge", Assert.Single(run.End.Failures).Path);
    }

    [Fact]
    public void A_child_that_failed_as_a_whole_fails_the_task_itself()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other } }").Child("other", _ => ChildEnd.Fails("TimedOut", "late", string.Empty)).RunToEnd();

        Assert.Equal("a", run.Error.Task);
    }

    [Fact]
    public void A_child_that_fails_may_be_tolerated()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other, on-error: continue } }\noutput: ${{ tasks.a.error.type }}").Child("other", _ => ChildEnd.Fails()).RunToEnd();

        Assert.Equal("\"Boom\"", run.Output);
    }

    [Theory]
    [InlineData(true, "The child was cancelled: by hand")]
    [InlineData(false, "The child was terminated: by hand")]
    public void Rule_30_A_child_that_somebody_else_ended_fails_the_task(bool cancelled, string message)
    {
        var run = Scenario.Of("tasks: { a: { workflow: other } }")
            .Child("other", _ => (cancelled ? ChildEnd.IsCancelled() : ChildEnd.IsTerminated()).After("1m")).RunToEnd();

        Assert.Equal(new TaskError("ChildCancelled", message, "a"), run.Error);
    }

    [Fact]
    public void Rule_31_A_completed_child_is_compensated_as_a_whole()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              kid: { workflow: other, compensate: { uses: undo, with: "${{ tasks.kid.output }}" } }
              boom: { fail: no, needs: kid }
            """).Child("other", _ => ChildEnd.Completes(42)).RunToEnd();

        Assert.Equal(["kid!compensate"], run.Paths);
        Assert.Equal("42", run.Started[0].Input.ToString());
    }

    [Theory]
    [InlineData("cancel", ParentClose.Cancel)]
    [InlineData("terminate", ParentClose.Terminate)]
    public void A_parent_that_stops_ends_its_child_and_waits_for_that(string how, ParentClose close)
    {
        var run = Scenario.Of($"tasks: {{ a: {{ workflow: other, parent-close: {how} }} }}").Child("other", _ => ChildEnd.Never).Cancel("1h").RunToEnd();

        Assert.Equal(close, Assert.Single(run.Children).Close);
        Assert.Equal(RunOutcome.Cancelled, run.Outcome);
    }

    [Fact]
    public void A_parent_waits_for_a_child_that_takes_its_time_to_end_and_its_result_counts()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks: { a: { workflow: other, compensate: { uses: undo } } }
            """).Child("other", _ => ChildEnd.Completes().After("3h").DespiteCancel()).Cancel("1h").RunToEnd();

        Assert.Equal((RunOutcome.Cancelled, TimeSpan.FromHours(3)), (run.Outcome, run.Took));
        Assert.Equal(["a!compensate"], run.Paths);
    }

    [Fact]
    public void A_parent_that_stops_leaves_an_abandoned_child_alone()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other, parent-close: abandon } }").Child("other", _ => ChildEnd.Completes().After("2h")).Cancel("1h").RunToEnd();

        Assert.Null(Assert.Single(run.Children).Close);
        Assert.Equal((RunOutcome.Cancelled, TimeSpan.FromHours(1)), (run.Outcome, run.Took));
    }

    [Theory]
    [InlineData("cancel", ParentClose.Cancel)]
    [InlineData("terminate", ParentClose.Terminate)]
    [InlineData("abandon", null)]
    public void A_parent_that_is_terminated_tells_what_is_to_become_of_its_children(string how, ParentClose? close)
    {
        var run = Scenario.Of($"tasks: {{ a: {{ workflow: other, parent-close: {how} }}, b: {{ workflow: done }} }}").Child("other", _ => ChildEnd.Never).Terminate("1h").RunToEnd();

        Assert.Equal(close is null ? [] : [close], run.End.LeftChildren.Select(child => child.Close));
        Assert.All(run.End.LeftChildren, child => Assert.Equal("run/a", child.ChildId));
    }

    [Fact]
    public void A_failing_scope_ends_the_children_in_it_only()
    {
        var run = Scenario.Of("""
            tasks:
              group: { on-error: continue, tasks: { a: { workflow: long }, b: { uses: broken } } }
              c: { workflow: long }
            """).Child("long", _ => ChildEnd.Completes().After("1h")).Handler("broken", _ => Answer.Failure().After("1m")).RunToEnd();

        Assert.Equal([("run/c", null), ("run/group/a", ParentClose.Cancel)], run.Children.Select(child => (child.Id, child.Close)).Order());
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void A_child_whose_definition_was_not_found_yet_is_not_waited_for_when_its_parent_stops()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other }, boom: { fail: no } }").RunToEnd();

        Assert.Empty(run.Children);
        Assert.Equal("Failed", run.Error.Type);
    }

    [Fact]
    public void Rule_15_A_timeout_counts_from_the_child_s_start_and_cancels_it_whatever_parent_close_says()
    {
        var run = Scenario.Of("""
            tasks:
              wait: { delay: 1h }
              a: { workflow: other, timeout: 2h, parent-close: abandon, needs: wait }
            """).Child("other", _ => ChildEnd.Never).RunToEnd();

        Assert.Equal(("TimedOut", "a", TimeSpan.FromHours(3)), (run.Error.Type, run.Error.Task, run.Took));
        Assert.Equal(ParentClose.Cancel, Assert.Single(run.Children).Close);
    }

    [Fact]
    public void A_child_that_ends_in_time_lets_the_timeout_lapse()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other, timeout: 2h }, b: { delay: 3h } }").Child("other", _ => ChildEnd.Completes().After("1h")).RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Null(run.Children[0].Close);
    }

    [Fact]
    public void What_is_said_of_another_start_of_the_child_changes_nothing()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other } }").Child("other", _ => ChildEnd.Never).Pause("1h").Play();
        var attempt = run.Children[0].Order.Attempt;
        AttemptId[] others =
        [
            attempt with { RunId = Guid.NewGuid() }, attempt with { Generation = 2 }, attempt with { Number = 2 }, attempt with { Execution = attempt.Execution with { Iteration = 1 } },
        ];

        foreach (var other in others)
        {
            Assert.Same(Decision.Nothing, run.Ask(new WorkflowCommand.ChildEnded("run", other, RunOutcome.Completed, Payload.Null, null, null)));
            Assert.Same(Decision.Nothing, run.Ask(new WorkflowCommand.ChildRefused("run", other, "No", "no")));
            Assert.Same(Decision.Nothing, run.Ask(new WorkflowCommand.ResolveChild("run", other, null)));
        }

        Assert.Same(Decision.Nothing, run.Ask(new WorkflowCommand.ResolveChild("run", attempt, null)));
        Assert.IsType<Decision.Accepted>(run.Ask(new WorkflowCommand.ChildEnded("run", attempt, RunOutcome.Completed, Payload.Null, null, null)));
    }

    [Fact]
    public void An_end_that_is_told_twice_counts_once()
    {
        WorkflowCommand? ended = null;
        var run = Scenario.Of("tasks: { a: { workflow: other }, b: { delay: 1d } }").Child("other", child =>
        {
            ended = new WorkflowCommand.ChildEnded("run", child.Order.Attempt, RunOutcome.Completed, Payload.From(1), null, null);
            return ChildEnd.Completes(1).After("1m");
        }).Command("2m", _ => ended!).RunToEnd();

        Assert.Single(run.Events.OfType<WorkflowEvent.TaskExecutionCompleted>(), e => e.Execution.Task == 0);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "PayloadTooLarge")]
    public void Rule_35_A_child_s_output_may_have_1_MiB(int more, string? error)
    {
        var run = Scenario.Of("tasks: { a: { workflow: other } }")
            .Child("other", _ => ChildEnd.Completes(new string('x', Limits.PayloadBytes - 2 + more))).RunToEnd();

        Assert.Equal(error, run.End.Error?.Type);
    }

    [Fact]
    public void Rule_15_A_child_whose_output_is_too_large_after_its_timeout_has_timed_out()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other, timeout: 1h } }")
            .Child("other", _ => ChildEnd.Completes(new string('x', Limits.PayloadBytes)).After("2h").DespiteCancel()).RunToEnd();

        Assert.Equal(("TimedOut", TimeSpan.FromHours(2)), (run.Error.Type, run.Took));
    }

    [Fact]
    public void Children_in_a_fan_out_respect_its_max_parallel()
    {
        var atOnce = 0;
        var most = 0;
        var run = Scenario.Of("tasks: { a: { for-each: [1, 2, 3, 4], max-parallel: 2, workflow: other } }").Child("other", child =>
        {
            atOnce = child.At == TimeSpan.Zero ? atOnce + 1 : atOnce;
            most = Math.Max(most, atOnce);
            return ChildEnd.Completes().After("1h");
        }).RunToEnd();

        Assert.Equal((2, 4, TimeSpan.FromHours(2)), (most, run.Children.Count, run.Took));
    }

    [Fact]
    public void A_child_that_is_started_anew_by_its_parent_replaces_the_former_one()
    {
        var link = new ParentLink("parent", new(ScenarioRun.RunId, 2, default, 3), 1);
        var run = Scenario.Of("tasks: { a: { delay: 0 } }").AsChild().RunToEnd();
        var former = run.End.Parent!;
        WorkflowCommand.Start Start(ParentLink? parent) =>
            new(ScenarioRun.WorkflowId, Guid.NewGuid(), Guid.NewGuid(), run.Reference, Payload.Null) { Parent = parent };

        Assert.True(run.End.IsReplacedBy(Start(link)));
        Assert.True(run.End.IsReplacedBy(Start(former with { Attempt = former.Attempt with { Generation = 2 } })));
        Assert.True(run.End.IsReplacedBy(Start(former with { Attempt = former.Attempt with { Number = 2 } })));
        Assert.False(run.End.IsReplacedBy(Start(former)));
        Assert.False(run.End.IsReplacedBy(Start(former with { WorkflowId = "another" })));
        Assert.False(run.End.IsReplacedBy(Start(null)));
        Assert.Same(Decision.Nothing, run.Ask(Start(former)));
    }
}
