using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Every command that people send, in every state that a run can be in: taken, or refused with a stable code.</summary>
public sealed class ControlTests
{
    private const string Yaml = """
        on-failure: compensate
        tasks:
          a: { uses: work, compensate: { uses: undo } }
          s: { signal: go, needs: a }
          q: { ask: { kind: text, prompt: p }, needs: a }
          slow: { uses: slow, needs: a }
        """;

    private const string Taken = "taken";
    private const string Unchanged = "unchanged";

    private static readonly string[] Names = ["start", "cancel", "terminate", "signal", "answer", "pause", "resume", "retry", "retry from", "checkpoint", "rewind", "fork's start"];

    private static Scenario Waiting() => Scenario.Of(Yaml).Handler("slow", _ => Answer.NoReport).Handler("undo", _ => Answer.NoReport);

    private static Scenario Ending() => Scenario.Of(Yaml.Replace("on-failure: compensate\n", string.Empty, StringComparison.Ordinal)).Takes("slow", "10m");

    private static ScenarioRun Run(string state) => state switch
    {
        "open" => Waiting().Play(),
        "paused" => Waiting().Pause("1m").Play(),
        "stopping" => Waiting().Cancel("1m").Play(),
        "paused, stopping" => Waiting().Cancel("1m").Pause("2m").Play(),
        "rewinding" => Waiting().Rewind("1m", to: 1).Play(),
        "compensating" => Waiting().Handler("slow", _ => Answer.Failure()).Play(),
        "completed" => Ending().Signal("1m", "go").Reply("1m", "q", "x").RunToEnd(),
        "failed" => Ending().Handler("slow", _ => Answer.Failure()).RunToEnd(),
        "cancelled" => Ending().Cancel("1m").RunToEnd(),
        "terminated" => Ending().Terminate("1m").RunToEnd(),
        "compensated" => Waiting().Handler("slow", _ => Answer.Failure()).Handler("undo", _ => 1).RunToEnd(),
        _ => throw new ArgumentException(state),
    };

    private static WorkflowCommand Command(string name, ScenarioRun run, Guid id) => name switch
    {
        "start" => new WorkflowCommand.Start("run", id, Guid.NewGuid(), run.Reference, Payload.Null),
        "fork's start" => new WorkflowCommand.Start("run", id, Guid.NewGuid(), run.Reference, Payload.Null) { Origin = new("other", Guid.NewGuid(), 1), Image = run.ImageAfter(1) },
        "cancel" => new WorkflowCommand.Cancel("run", id, "why"),
        "terminate" => new WorkflowCommand.Terminate("run", id, "why"),
        "signal" => new WorkflowCommand.Signal("run", id, "go", Payload.Null),
        "answer" => new WorkflowCommand.Answer("run", id, "q", Payload.FromString("x"), null, null),
        "pause" => new WorkflowCommand.Pause("run", id),
        "resume" => new WorkflowCommand.Resume("run", id),
        "retry" => new WorkflowCommand.Retry("run", id, null),
        "retry from" => new WorkflowCommand.Retry("run", id, "a"),
        "checkpoint" => new WorkflowCommand.TakeCheckpoint("run", id, "name"),
        "rewind" => new WorkflowCommand.Rewind("run", id, 1, run.ImageAfter(1)),
        _ => throw new ArgumentException(name),
    };

    // start, cancel, terminate, signal, answer, pause, resume, retry, retry from, checkpoint, rewind, fork's start
    [Theory]
    [InlineData("open", Unchanged, Taken, Taken, Taken, Taken, Taken, "not-paused", "not-closed", "not-closed", Taken, Taken, "id-conflict")]
    [InlineData("paused", Unchanged, Taken, Taken, Taken, Taken, Taken, Taken, "not-closed", "not-closed", Taken, Taken, "id-conflict")]
    [InlineData("stopping", Unchanged, Taken, Taken, "closed", "not-waiting", Taken, "not-paused", "not-closed", "not-closed", Taken, Taken, "id-conflict")]
    [InlineData("paused, stopping", Unchanged, Taken, Taken, "closed", "not-waiting", Taken, Taken, "not-closed", "not-closed", Taken, Taken, "id-conflict")]
    [InlineData("rewinding", Unchanged, "rewinding", Taken, "rewinding", "not-waiting", "rewinding", "not-paused", "not-closed", "not-closed", "rewinding", "rewinding", "id-conflict")]
    [InlineData("compensating", Unchanged, Taken, Taken, "closed", "not-waiting", Taken, "not-paused", "not-closed", "not-closed", Taken, "compensated", "id-conflict")]
    [InlineData("completed", Unchanged, "closed", "closed", "closed", "closed", "closed", "closed", "not-failed", Taken, "closed", Taken, "id-conflict")]
    [InlineData("failed", Unchanged, "closed", "closed", "closed", "closed", "closed", "closed", Taken, Taken, "closed", Taken, "id-conflict")]
    [InlineData("cancelled", Unchanged, "closed", "closed", "closed", "closed", "closed", "closed", "not-failed", Taken, "closed", Taken, "id-conflict")]
    [InlineData("terminated", Unchanged, "closed", "closed", "closed", "closed", "closed", "closed", "terminated", "terminated", "closed", Taken, "id-conflict")]
    [InlineData("compensated", Unchanged, "closed", "closed", "closed", "closed", "closed", "closed", "compensated", "compensated", "closed", "compensated", "id-conflict")]
    public void Every_command_is_taken_or_refused_with_a_stable_code(string state, params string[] expected)
    {
        var run = Run(state);

        Assert.Equal(expected, Names.Select(name => run.Ask(Command(name, run, Guid.NewGuid())) switch
        {
            Decision.Accepted => Taken,
            Decision.Refused refused => refused.Code,
            _ => Unchanged,
        }));
    }

    [Fact]
    public void A_run_that_was_never_started_takes_a_start_only()
    {
        var run = Run("open");
        var initial = Waiting().NotStarted;
        var answers = Names.ToDictionary(name => name, name => WorkflowDecider.Decide(initial, Command(name, run, Guid.NewGuid()), ScenarioRun.Epoch, 0));

        Assert.All(answers.Where(answer => answer.Key.EndsWith("start", StringComparison.Ordinal)), answer => Assert.IsType<Decision.Accepted>(answer.Value));
        Assert.All(
            answers.Where(answer => !answer.Key.EndsWith("start", StringComparison.Ordinal)),
            answer => Assert.Equal("workflow-not-found", Assert.IsType<Decision.Refused>(answer.Value).Code));
    }

    public static TheoryData<string> States =>
        ["open", "paused", "stopping", "paused, stopping", "rewinding", "compensating", "completed", "failed", "cancelled", "terminated", "compensated"];

    [Theory]
    [MemberData(nameof(States))]
    public void A_repeated_command_id_changes_nothing_and_is_not_refused(string state)
    {
        var run = Run(state);
        var repeated = 0;
        foreach (var command in Names.Where(name => !name.EndsWith("start", StringComparison.Ordinal)).Select(name => Command(name, run, Guid.NewGuid())))
        {
            if (run.Ask(command) is Decision.Accepted accepted)
            {
                Assert.Same(Decision.Nothing, WorkflowDecider.Decide(accepted.State, command, ScenarioRun.Epoch.AddDays(1), 0.5));
                Assert.NotNull(accepted.Commit.CommandId);
                repeated++;
            }
        }

        Assert.Equal(state == "compensated" ? 0 : 1, Math.Min(repeated, 1));
    }

    [Fact]
    public void Terminating_stops_a_compensation_at_once()
    {
        var run = Waiting().Handler("slow", _ => Answer.Failure()).Terminate("1h").RunToEnd();

        Assert.Equal((RunOutcome.Terminated, "a!compensate"), (run.Outcome, run.Paths.Last()));
    }

    [Fact]
    public void A_pause_of_a_run_that_stops_ends_with_a_cancel()
    {
        var run = Scenario.Of(Yaml).Handler("slow", _ => Answer.Success().After("20m").DespiteCancel()).Cancel("1m").Pause("2m").Cancel("1h").RunToEnd();

        Assert.Equal([TimeSpan.FromHours(1)], run.Times("a!compensate"));
        Assert.Equal(RunOutcome.Cancelled, run.Outcome);
    }
}
