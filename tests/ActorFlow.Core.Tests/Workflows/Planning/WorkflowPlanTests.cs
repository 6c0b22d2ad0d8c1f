using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tests.Definitions;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows.Planning;

public sealed class WorkflowPlanTests
{
    private const string Waits = """
        name: x
        defaults: { timeout: 30s }
        tasks:
          a: { workflow: b-side, with: { v: "${{ input.v }}" }, parent-close: abandon, timeout: 1h }
          g:
            tasks:
              c: { workflow: other@2 }
              d: { signal: go, schema: { type: string }, timeout: 1d }
          e: { workflow: b-side }
          f: { workflow: b-side@1 }
          h: { signal: stop }
          i: { signal: go, schema: { type: string } }
          q: { ask: { kind: choice, prompt: "Which, ${{ input.v }}?", options: [a, b], assignees: ann, schema: { minLength: 1 }, default: b }, timeout: 5m }
          r: { ask: { kind: text, prompt: What? } }
          u: { uses: echo, compensate: { uses: undo } }
        """;

    private static readonly WorkflowPlan Plan = WorkflowPlan.Compile(Samples.Read(Waits));

    [Fact]
    public void The_children_that_a_definition_names_are_told_once_each()
    {
        Assert.Equal<(string, int?)>([("b-side", null), ("other", 2), ("b-side", 1)], Plan.Children);
        Assert.Equal(["echo", "undo"], Plan.Handlers);
    }

    [Fact]
    public void The_signals_that_tasks_wait_for_are_told_with_their_schema()
    {
        Assert.Equal(["go", "stop"], Plan.Signals.Keys.Order());
        Assert.Null(Plan.Signals["stop"]);
        Assert.Empty(Plan.Signals["go"]!.Validate(Payload.FromString("now")));
        Assert.Single(Plan.Signals["go"]!.Validate(Payload.Null));
        Assert.False(Plan.Signals.ContainsKey("Go"));
    }

    [Fact]
    public void A_definition_that_waits_for_nobody_names_nobody()
    {
        var plan = WorkflowPlan.Compile(Samples.Read("name: x\ntasks: { a: { uses: e } }"));
        Assert.Empty(plan.Children);
        Assert.Empty(plan.Signals);
    }

    [Fact]
    public void Timeouts_of_children_and_waits_are_their_own_and_no_default_reaches_them()
    {
        var executions = Plan.Tasks.ToDictionary(task => task.Id, task => task.Execution);
        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<TaskExecutionPlan.Child>(executions["a"]).Timeout);
        Assert.Equal(ParentClose.Abandon, Assert.IsType<TaskExecutionPlan.Child>(executions["a"]).ParentClose);
        Assert.Null(Assert.IsType<TaskExecutionPlan.Child>(executions["e"]).Timeout);
        Assert.Equal(TimeSpan.FromDays(1), Assert.IsType<TaskExecutionPlan.Signal>(executions["d"]).Timeout);
        Assert.Null(Assert.IsType<TaskExecutionPlan.Signal>(executions["h"]).Timeout);
        Assert.Null(Assert.IsType<TaskExecutionPlan.Ask>(executions["r"]).Timeout);
        var ask = Assert.IsType<TaskExecutionPlan.Ask>(executions["q"]);
        Assert.Equal((AskKind.Choice, "\"b\"", TimeSpan.FromMinutes(5)), (ask.Kind, ask.Default?.ToString(), ask.Timeout));
        Assert.Single(ask.Prompt.Expressions);
        Assert.True(ask is { Options.IsLiteral: true, Assignees.IsLiteral: true, Schema: not null });
    }
}
