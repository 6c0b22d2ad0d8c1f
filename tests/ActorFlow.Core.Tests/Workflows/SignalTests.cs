using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rule 28: signals are kept, oldest first, and each is consumed by exactly one task.</summary>
public sealed class SignalTests
{
    private const string One = "tasks: { a: { signal: go } }\noutput: ${{ tasks.a.output }}";

    private static string Code(ScenarioRun run, WorkflowCommand command) => Assert.IsType<Decision.Refused>(run.Ask(command)).Code;

    private static WorkflowCommand.Signal Signal(string name, object? payload = null, Guid? id = null) =>
        new(ScenarioRun.WorkflowId, id ?? Guid.NewGuid(), name, payload as Payload ?? Payload.From(payload));

    [Fact]
    public void Rule_28_A_task_waits_for_its_signal_and_its_output_is_the_payload()
    {
        var run = Scenario.Of(One).Signal("3d", "go", new { n = 1 }).RunToEnd();

        Assert.Equal("""{"n":1}""", run.Output);
        Assert.Equal(TimeSpan.FromDays(3), run.Took);
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void Rule_28_A_signal_that_came_earlier_is_kept_and_used_oldest_first()
    {
        var run = Scenario.Of("""
            tasks:
              wait: { delay: 1h }
              a: { signal: go, needs: wait }
              b: { signal: go, needs: a }
            output: ["${{ tasks.a.output }}", "${{ tasks.b.output }}"]
            """).Signal("1m", "go", "first").Signal("2m", "go", "second").RunToEnd();

        Assert.Equal("""["first","second"]""", run.Output);
        Assert.Equal(TimeSpan.FromHours(1), run.Took);
    }

    [Fact]
    public void Rule_28_The_longest_waiting_task_is_served_first()
    {
        var run = Scenario.Of("""
            tasks:
              later: { delay: 1m }
              a: { signal: go, needs: later }
              b: { signal: go }
            output: { a: "${{ tasks.a.output }}", b: "${{ tasks.b.output }}" }
            """).Signal("1h", "go", 1).Signal("2h", "go", 2).RunToEnd();

        Assert.Equal("""{"a":2,"b":1}""", run.Output);
    }

    [Fact]
    public void Rule_28_Among_equally_long_waiting_elements_the_lowest_index_is_served_first()
    {
        var run = Scenario.Of("""
            tasks: { a: { for-each: [x, y, z], signal: go } }
            output: ${{ tasks.a.output }}
            """).Signal("1m", "go", 1).Signal("2m", "go", 2).Signal("3m", "go", 3).RunToEnd();

        Assert.Equal("[1,2,3]", run.Output);
    }

    [Fact]
    public void Rule_28_Each_iteration_takes_the_next_one()
    {
        var run = Scenario.Of("""
            tasks: { a: { signal: go, repeat: { until: tasks.a.output === 'last' } } }
            output: ["${{ tasks.a.output }}", "${{ tasks.a.attempts }}"]
            """).Signal("1m", "go", "one").Signal("1m", "go", "two").Signal("5m", "go", "last").RunToEnd();

        Assert.Equal("""["last",3]""", run.Output);
        Assert.Equal(TimeSpan.FromMinutes(5), run.Took);
    }

    [Fact]
    public void Rule_28_Each_signal_is_consumed_by_exactly_one_task_and_names_do_not_mix()
    {
        var run = Scenario.Of("""
            tasks: { a: { signal: go }, b: { signal: go }, c: { signal: Go } }
            """).Signal("1m", "go").Play();

        Assert.Single(run.Events.OfType<WorkflowEvent.TaskExecutionCompleted>());
        Assert.Equal(0, run.Open.Run.Signals.Count);
    }

    [Fact]
    public void Rule_28_Only_a_repeated_command_id_is_a_duplicate()
    {
        var id = Guid.NewGuid();
        var twice = Scenario.Of(One).Signal("1m", "go", 1).Play();
        Assert.IsType<WorkflowState.Closed>(twice.State);

        var run = Scenario.Of("tasks: { w: { delay: 300d }, a: { signal: go, needs: w } }")
            .Signal("1m", "go", 1, id).Signal("2m", "go", 1, id).Signal("3m", "go", 1).Command("4m", Signal("go", 1)).Pause("5m").Play();
        Assert.Equal(3, run.Events.OfType<WorkflowEvent.SignalReceived>().Count());
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void Rule_28_A_signal_to_a_closed_run_is_refused_but_one_that_was_taken_is_not()
    {
        var id = Guid.NewGuid();
        var run = Scenario.Of(One).Signal("1m", "go", 1, id).Signal("2m", "go", 1, id).Signal("3m", "go", 2).RunToEnd();

        Assert.Equal(["closed"], run.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void Rule_28_A_signal_to_a_run_that_is_ending_is_refused()
    {
        var run = Scenario.Of("tasks: { a: { signal: go }, b: { uses: work } }").Handler("work", _ => Answer.NoReport).Cancel("1m").Play();

        Assert.Equal("closed", Code(run, Signal("go")));
    }

    [Fact]
    public void Rule_28_A_name_that_no_task_waits_for_is_refused()
    {
        var run = Scenario.Of("tasks: { g: { tasks: { a: { signal: go } } } }").Play();

        Assert.Equal("signal-not-found", Code(run, Signal("goo")));
        Assert.IsType<Decision.Accepted>(run.Ask(Signal("go")));
    }

    [Fact]
    public void Rule_28_A_payload_that_does_not_fit_the_schema_of_that_name_is_refused_and_the_wait_goes_on()
    {
        var run = Scenario.Of("""
            tasks:
              a: { signal: go, schema: { type: object, required: [n] } }
              b: { signal: other }
            """).Signal("1m", "go", new { m = 1 }).Signal("2m", "go", "text").Signal("3m", "go", new { n = 1 }).Signal("4m", "other", "text").RunToEnd();

        Assert.Equal(["invalid-payload", "invalid-payload"], run.Refusals.Select(refusal => refusal.Code));
        Assert.Equal("""{"a":{"n":1},"b":"text"}""", run.Output);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "payload-too-large")]
    public void Rule_35_A_signal_may_have_1_MiB(int more, string? code)
    {
        var run = Scenario.Of(One).Play();
        var decision = run.Ask(Signal("go", new string('x', Limits.PayloadBytes - 2 + more)));

        Assert.Equal(code, (decision as Decision.Refused)?.Code);
    }

    [Fact]
    public void Signals_that_nobody_consumes_count_towards_the_limits_of_the_run()
    {
        var large = Payload.From(new string('x', 1_000_000));
        var run = Scenario.Of("tasks: { w: { delay: 300d }, a: { signal: go, needs: w } }");
        for (var i = 0; i < 33; i++)
        {
            run.Signal("1m", "go", large);
        }

        var played = run.Cancel("1h").RunToEnd();
        Assert.Equal(33, played.Events.OfType<WorkflowEvent.SignalReceived>().Count());
        Assert.Empty(played.Refusals);

        var more = Scenario.Of("tasks: { w: { delay: 300d }, a: { signal: go, needs: w } }");
        for (var i = 0; i < 34; i++)
        {
            more.Signal("1m", "go", large);
        }

        Assert.Equal(["limit-exceeded"], more.Cancel("1h").RunToEnd().Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void A_run_keeps_10000_signals_that_nobody_has_consumed_and_no_more()
    {
        var scenario = Scenario.Of("tasks: { w: { delay: 1d }, a: { signal: go, needs: w }, b: { delay: 2d } }");
        for (var i = 0; i < Limits.Signals + 1; i++)
        {
            scenario.Signal("1m", "go", i);
        }

        var run = scenario.Signal("25h", "go", "place").RunToEnd();
        Assert.Equal(["limit-exceeded"], run.Refusals.Select(refusal => refusal.Code));
        Assert.Equal(Limits.Signals + 1, run.Events.OfType<WorkflowEvent.SignalReceived>().Count());
    }

    [Fact]
    public void Rule_12_A_signal_that_does_not_come_within_its_timeout_fails_the_task()
    {
        var run = Scenario.Of("""
            tasks: { a: { signal: go, timeout: 1h, on-error: continue } }
            output: ${{ tasks.a.error.type + ' ' + tasks.a.error.task }}
            """).Signal("61m", "go").RunToEnd();

        Assert.Equal("\"TimedOut a\"", run.Output);
        Assert.Equal(TimeSpan.FromHours(1), run.Took);
    }

    [Fact]
    public void A_signal_that_comes_within_the_timeout_lets_it_lapse()
    {
        var run = Scenario.Of("tasks: { a: { signal: go, timeout: 1h }, b: { delay: 2h, needs: a } }").Signal("59m", "go").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(179), run.Took);
    }

    [Fact]
    public void Every_iteration_has_a_timeout_of_its_own()
    {
        var run = Scenario.Of("tasks: { a: { signal: go, timeout: 1h, repeat: { while: iteration < 2 } } }")
            .Signal("50m", "go").Signal("100m", "go").Signal("150m", "go").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_14_A_wait_is_cancelled_with_its_scope_and_takes_no_signal_any_more()
    {
        var run = Scenario.Of("""
            tasks:
              group: { on-error: continue, tasks: { a: { signal: go }, b: { uses: broken } } }
              after: { signal: go, needs: group }
            output: ["${{ tasks.group.error.type }}", "${{ tasks.after.output }}"]
            """).Handler("broken", _ => Answer.Failure().After("1m")).Signal("2m", "go", 7).RunToEnd();

        Assert.Equal("""["Boom",7]""", run.Output);
    }

    [Fact]
    public void Rule_20_The_timeout_of_the_run_ends_its_waits()
    {
        var run = Scenario.Of("timeout: 1d\ntasks: { a: { signal: go }, b: { ask: { kind: text, prompt: p } } }").RunToEnd();

        Assert.Equal((RunOutcome.Failed, "TimedOut", TimeSpan.FromDays(1)), (run.Outcome, run.Error.Type, run.Took));
    }

    [Fact]
    public void A_run_that_only_waits_has_nothing_outstanding_and_is_waiting()
    {
        var run = Scenario.Of("tasks: { a: { signal: go }, b: { ask: { kind: text, prompt: p } }, c: { uses: work } }").Play();

        Assert.True(run.Open.IsWaiting);
        Assert.Empty(run.Open.Outstanding);
        Assert.False(Scenario.Of("tasks: { a: { uses: work } }").Handler("work", _ => Answer.NoReport).Play().Open.IsWaiting);
    }
}
