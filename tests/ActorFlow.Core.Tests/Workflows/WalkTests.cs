using System.Reflection;
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

    private const string Waits = """
        tasks:
          listens: { signal: go }
          asks: { ask: { kind: text, prompt: "?" } }
          child: { workflow: kid, timeout: 1h, on-error: continue }
          forever: { delay: 300d }
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
        yield return Scenario.Of("tasks: { a: { uses: work } }").Delayed("1m").RunToEnd();
        yield return Scenario.Of(Waits).Pause("1m").Pause("2m").Terminate("3m").RunToEnd();
        yield return Scenario.Of(Everything).Input(new { }).Terminate("10s").RunToEnd();
        yield return Scenario.Of(Waits).Signal("1m", "go").Reply("2m", "asks", "yes").Pause("3m").Resume("4m").Checkpoint("5m", "here")
            .Child("kid", _ => ChildEnd.Never).Cancel("2h").Rewind("3h", "here").Terminate("4h").RunToEnd();
        yield return Scenario.Of(Waits).Rewind("1m", to: 1).Terminate("2m").RunToEnd();
        yield return Scenario.Of("tasks: { a: { uses: broken } }").Fails("broken", times: 1).Retry("1m").RunToEnd();
        yield return Scenario.Of("""
            tasks: { a: { delay: 0 } }
            output: ${{ tasks.a.output.x }}
            """).RunToEnd();
    }

    [Fact]
    public void Every_event_comes_up_in_a_run_and_in_its_replay() =>
        Assert.Equal(Cases(typeof(WorkflowEvent)), Runs().SelectMany(run => run.Events).Select(e => e.GetType()).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal));

    [Fact]
    public void Every_event_has_a_line_in_the_history_and_every_attempt_one_of_its_own()
    {
        foreach (var run in Runs())
        {
            var reader = new HistoryReader(run.End.Run.Plan);
            var lines = run.Commits.SelectMany(commit => reader.Read(commit)).ToList();

            Assert.Equal(run.Events.Sum(e => e is WorkflowEvent.AttemptsStarted started ? started.Attempts.Length : 1), lines.Count);
            // A lost attempt is handed out once more under its number.
            Assert.Equal(run.Attempts.Distinct(), lines.Where(line => line.Event == "attempt-started").Select(line => $"{line.Task}:{line.Attempt}").Distinct());
        }
    }

    [Fact]
    public void Every_moment_of_every_run_can_be_described()
    {
        var described = 0;
        foreach (var run in Runs())
        {
            for (var commits = 1; commits <= run.Commits.Count; commits++)
            {
                if (run.StateAfter(commits) is WorkflowState.Open { Run: var state } open)
                {
                    var description = RunDescriber.Describe(state.Plan, open.ToImage());
                    Assert.Equal(open.IsWaiting, description.OnlyWaits);
                    Assert.Equal(open.Outstanding.Count(), description.Tasks.Count(task => task.Wait == TaskWait.Worker));
                    Assert.Equal(open.Questions, description.Questions);
                    Assert.Equal(description.Tasks.Length, description.Tasks.Select(task => task.Path).Distinct().Count());
                    described++;
                }
            }
        }

        Assert.InRange(described, 20, int.MaxValue);
    }

    [Fact]
    public void Every_event_but_the_first_is_refused_where_it_cannot_follow()
    {
        var initial = Scenario.Of(Everything).NotStarted;
        var events = Runs().SelectMany(run => run.Events).DistinctBy(e => e.GetType()).ToList();
        var end = Runs().First().State;

        Assert.All(events.Where(e => e is not WorkflowEvent.Started), e => Assert.Throws<InvalidOperationException>(() => Evolve(initial, e)));
        Assert.All(events.Where(e => e is not (WorkflowEvent.Reopened or WorkflowEvent.Rewound)), e => Assert.Throws<InvalidOperationException>(() => Evolve(end, e)));
    }

    private static WorkflowState Evolve(WorkflowState state, WorkflowEvent e) =>
        WorkflowDecider.Evolve(state, new(ScenarioRun.Epoch, null, [e]));

    [Fact]
    public void Every_command_has_a_rule_in_every_state()
    {
        var scenario = Scenario.Of(Everything).Input(new { }).Handler("work", _ => Answer.NoReport);
        var (id, attempt) = (ScenarioRun.WorkflowId, new AttemptId(ScenarioRun.RunId, 1, default, 1));
        WorkflowCommand[] commands =
        [
            new WorkflowCommand.Answer(id, Guid.NewGuid(), "a", Payload.Null, null, null),
            new WorkflowCommand.Cancel(id, Guid.NewGuid(), "why"),
            new WorkflowCommand.ChildEnded(id, attempt, RunOutcome.Completed, Payload.Null, null, null),
            new WorkflowCommand.ChildRefused(id, attempt, "No", "no"),
            new WorkflowCommand.Continue(id),
            new WorkflowCommand.Pause(id, Guid.NewGuid()),
            new WorkflowCommand.Report(id, attempt, default, TaskOutcome.Lost.Instance),
            new WorkflowCommand.ResolveChild(id, attempt, null),
            new WorkflowCommand.Resume(id, Guid.NewGuid()),
            new WorkflowCommand.Retry(id, Guid.NewGuid(), null),
            new WorkflowCommand.Rewind(id, Guid.NewGuid(), 1, scenario.Play().ImageAfter(1)),
            new WorkflowCommand.Signal(id, Guid.NewGuid(), "go", Payload.Null),
            new WorkflowCommand.Start(id, Guid.NewGuid(), Guid.NewGuid(), new("scenario", 1, "hash"), Payload.Null),
            new WorkflowCommand.TakeCheckpoint(id, Guid.NewGuid(), "name"),
            new WorkflowCommand.Terminate(id, Guid.NewGuid(), "why"),
            new WorkflowCommand.Tick(id),
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
