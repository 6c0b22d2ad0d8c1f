using System.Reflection;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>C# has no closed unions: these tests see to it that no event and no command is left without a rule.</summary>
public sealed class WalkTests
{
    private static IEnumerable<Type> Cases(Type union) =>
        union.GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(union)).OrderBy(type => type.Name, StringComparer.Ordinal);

    private const string Everything = """
        on-failure: compensate
        tasks:
          wait: { delay: 1m }
          skipped: { set: {}, if: "false" }
          broken: { set: {}, if: input.no.thing, on-error: continue }
          throws: { set: { v: "${{ input.no.thing }}" }, on-error: continue }
          fan: { for-each: [1, 2], uses: work, compensate: { uses: undo } }
          loop: { uses: work, repeat: { until: iteration === 1, delay: 1m } }
          retried: { uses: flaky, retry: { max-attempts: 2 } }
          lost: { uses: lossy }
          overdue: { uses: never, deadline: 1m, on-error: continue }
          late: { timeout: 1m, on-error: continue, tasks: { x: { delay: 1h } } }
          group: { tasks: { x: { delay: 1h } } }
        """;

    /// <summary>Runs that between them come to every event there is.</summary>
    private static IEnumerable<ScenarioRun> Runs()
    {
        var lost = 0;
        var all = Scenario.Of(Everything).Input(new { })
            .Fails("flaky", times: 1)
            .Handler("lossy", _ => lost++ == 0 ? Answer.Lost : 0)
            .Handler("never", _ => Answer.Never);
        yield return all.RunToEnd();
        yield return all.Cancel("10m").RunToEnd();
        yield return Scenario.Of(Everything).Input(new { }).Terminate("10s").RunToEnd();
        yield return Scenario.Of("""
            tasks: { a: { delay: 0 } }
            output: ${{ tasks.a.output.x }}
            """).RunToEnd();
    }

    [Fact]
    public void Every_event_comes_up_in_a_run_and_in_its_replay() =>
        Assert.Equal(Cases(typeof(WorkflowEvent)), Runs().SelectMany(run => run.Events).Select(e => e.GetType()).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal));

    [Fact]
    public void Every_event_but_the_first_is_refused_where_it_cannot_follow()
    {
        var initial = Scenario.Of(Everything).NotStarted;
        var events = Runs().SelectMany(run => run.Events).DistinctBy(e => e.GetType()).ToList();
        var end = Runs().First().State;

        Assert.All(events.Where(e => e is not WorkflowEvent.Started), e => Assert.Throws<InvalidOperationException>(() => Evolve(initial, e)));
        Assert.All(events, e => Assert.Throws<InvalidOperationException>(() => Evolve(end, e)));
    }

    private static WorkflowState Evolve(WorkflowState state, WorkflowEvent e) =>
        WorkflowDecider.Evolve(state, new(ScenarioRun.Epoch, null, [e]));

    [Fact]
    public void Every_command_has_a_rule_in_every_state()
    {
        var scenario = Scenario.Of(Everything).Input(new { }).Handler("work", _ => Answer.NoReport);
        WorkflowCommand[] commands =
        [
            new WorkflowCommand.Cancel(ScenarioRun.WorkflowId, Guid.NewGuid(), "why"),
            new WorkflowCommand.Continue(ScenarioRun.WorkflowId),
            new WorkflowCommand.Report(ScenarioRun.WorkflowId, new(ScenarioRun.RunId, 1, default, 1), default, TaskOutcome.Lost.Instance),
            new WorkflowCommand.Start(ScenarioRun.WorkflowId, Guid.NewGuid(), Guid.NewGuid(), new("scenario", 1, "hash"), Payload.Null),
            new WorkflowCommand.Terminate(ScenarioRun.WorkflowId, Guid.NewGuid(), "why"),
            new WorkflowCommand.Tick(ScenarioRun.WorkflowId),
        ];
        WorkflowState[] states = [scenario.NotStarted, scenario.Play().State, scenario.Terminate("1s").RunToEnd().State];

        Assert.Equal(Cases(typeof(WorkflowCommand)), commands.Select(command => command.GetType()));
        Assert.Equal(3, states.Select(state => state.GetType()).Distinct().Count());
        foreach (var state in states)
        {
            Assert.All(commands, command => Assert.NotNull(WorkflowDecider.Decide(state, command, ScenarioRun.Epoch, 0.5)));
        }
    }

    [Fact]
    public void Every_outcome_has_a_rule_whether_the_attempt_was_taken_back_or_not()
    {
        TaskOutcome[] outcomes =
        [
            TaskOutcome.Abandoned.Instance,
            TaskOutcome.Cancelled.Instance,
            new TaskOutcome.Failed("Boom", "no", true, null),
            TaskOutcome.Lost.Instance,
            TaskOutcome.Released.Instance,
            new TaskOutcome.Succeeded(Payload.Null),
        ];
        var scenario = Scenario.Of("tasks: { a: { uses: work } }").Handler("work", _ => Answer.NoReport);
        ScenarioRun[] runs = [scenario.Play(), scenario.Cancel("1m").Play()];

        Assert.Equal(Cases(typeof(TaskOutcome)), outcomes.Select(outcome => outcome.GetType()));
        foreach (var run in runs)
        {
            var (attempt, lease) = (run.Started[0].Order.Attempt, run.Started[0].Lease);
            Assert.All(outcomes, outcome => Assert.IsType<Decision.Accepted>(run.Ask(new WorkflowCommand.Report(ScenarioRun.WorkflowId, attempt, lease, outcome))));
        }
    }
}
