using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Failure rule 24 and what is answered to commands: repeats, conflicts, commands to runs that are over.</summary>
public sealed class CommandTests
{
    private const string Id = ScenarioRun.WorkflowId;

    private const string Waiting = """
        tasks:
          a: { uses: work }
        """;

    private static ScenarioRun Running() => Scenario.Of(Waiting).Handler("work", _ => Answer.NoReport).Input(new { n = 1 }).Play();

    private static WorkflowCommand.Start Start(ScenarioRun run, object input, string hash = "hash") =>
        new(Id, Guid.NewGuid(), Guid.NewGuid(), run.Reference with { Hash = hash }, Payload.From(input));

    [Fact]
    public void Failure_24_A_start_repeated_with_the_same_definition_and_input_changes_nothing()
    {
        var (open, closed) = (Running(), Scenario.Of(Waiting).Input(new { n = 1 }).RunToEnd());

        Assert.IsType<Decision.Unchanged>(open.Ask(Start(open, new { n = 1 })));
        Assert.IsType<Decision.Unchanged>(closed.Ask(Start(closed, new { n = 1 })));
    }

    [Theory]
    [InlineData("""{"n":1,"o":{"a":[1,2.5],"b":"x"}}""", """{"o":{"b":"\u0078","a":[1.0,25e-1]},"n":1e0}""", true)]
    [InlineData("""{"n":1e999999999999}""", """{"n":10e999999999998}""", true)]
    [InlineData("""{"n":1e999999999999}""", """{"n":1}""", false)]
    [InlineData("""{"n":9007199254740993}""", """{"n":9007199254740992}""", false)]
    [InlineData("""{"n":[1,2]}""", """{"n":[2,1]}""", false)]
    public void Failure_24_A_repeated_start_is_told_by_the_value_of_its_input(string input, string again, bool isSame)
    {
        foreach (var run in new[] { Scenario.Of(Waiting).Handler("work", _ => Answer.NoReport).Input(JsonElement.Parse(input)).Play(), Scenario.Of(Waiting).Input(JsonElement.Parse(input)).RunToEnd() })
        {
            var answer = run.Ask(Start(run, JsonElement.Parse(again)));
            Assert.Equal(isSame, answer is Decision.Unchanged);
            Assert.Equal(!isSame, answer is Decision.Refused { Code: "id-conflict" });
        }
    }

    [Fact]
    public void A_command_whose_text_is_no_text_is_refused_and_changes_nothing()
    {
        var run = Running();
        (WorkflowCommand Command, string What)[] commands =
        [
            (Start(run, 1) with { Directory = "/a\ud800" }, "The directory"),
            (Start(run, 1) with { Tags = ImmutableSortedDictionary<string, string>.Empty.Add("k", "\udc00") }, "A tag"),
            (new WorkflowCommand.Cancel(Id, Guid.NewGuid(), "\ud800"), "The reason"),
            (new WorkflowCommand.Terminate(Id, Guid.NewGuid(), "x\udc00"), "The reason"),
            (new WorkflowCommand.Signal(Id, Guid.NewGuid(), "\ud83d", Payload.Null), "The name of the signal"),
            (new WorkflowCommand.Answer(Id, Guid.NewGuid(), "a", Payload.Null, "\ud800", null), "The name of who answers"),
            (new WorkflowCommand.Answer(Id, Guid.NewGuid(), "a", Payload.Null, null, "\ud800"), "The comment"),
            (new WorkflowCommand.Retry(Id, Guid.NewGuid(), "\ud800"), "The task"),
            (new WorkflowCommand.TakeCheckpoint(Id, Guid.NewGuid(), "\ud800"), "The name of the checkpoint"),
        ];

        foreach (var (command, what) in commands)
        {
            var refused = command is WorkflowCommand.Start ? CommandTexts.Refuse(command) : Assert.IsType<Decision.Refused>(run.Ask(command));
            Assert.Equal(("not-text", $"{what} holds half of a surrogate pair, which is no character."), (refused!.Code, refused.Reason));
        }
    }

    [Fact]
    public void Emoji_in_a_command_are_text() =>
        Assert.Null(CommandTexts.Refuse(new WorkflowCommand.Cancel(Id, Guid.NewGuid(), "\ud83d\ude00")));

    [Fact]
    public void Failure_24_A_start_with_another_definition_or_input_is_a_conflict()
    {
        foreach (var run in new[] { Running(), Scenario.Of(Waiting).Input(new { n = 1 }).RunToEnd() })
        {
            Assert.Equal("id-conflict", Assert.IsType<Decision.Refused>(run.Ask(Start(run, new { n = 2 }))).Code);
            Assert.Equal("id-conflict", Assert.IsType<Decision.Refused>(run.Ask(Start(run, new { n = 1 }, hash: "other"))).Code);
        }
    }

    [Fact]
    public void Failure_24_A_repeated_cancel_changes_nothing_while_the_run_stops()
    {
        var command = Guid.NewGuid();
        var run = Scenario.Of(Waiting).Handler("work", _ => Answer.NoReport).Cancel("1m", command: command).Cancel("2m", command: command).Play();

        Assert.Single(run.Events.OfType<WorkflowEvent.CancelRequested>());
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void Failure_24_A_repeated_cancel_gets_its_first_answer_when_the_run_is_over()
    {
        var command = Guid.NewGuid();
        var run = Scenario.Of(Waiting).Handler("work", _ => Answer.Never).Cancel("1m", command: command).Cancel("2m", command: command).RunToEnd();

        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void Failure_24_A_repeated_terminate_gets_its_first_answer()
    {
        var command = Guid.NewGuid();
        var run = Scenario.Of(Waiting).Handler("work", _ => Answer.Never).Terminate("1m", command: command).Terminate("2m", command: command).RunToEnd();

        Assert.Empty(run.Refusals);
        Assert.Single(run.Events.OfType<WorkflowEvent.Terminated>());
    }

    [Fact]
    public void Failure_24_It_still_does_after_a_replay()
    {
        var command = Guid.NewGuid();
        var scenario = Scenario.Of(Waiting).Handler("work", _ => Answer.Never).Cancel("1m", command: command);
        var replayed = scenario.RunToEnd().Commits.Aggregate(scenario.NotStarted, WorkflowDecider.Evolve);

        var repeat = WorkflowDecider.Decide(replayed, new WorkflowCommand.Cancel(Id, command, "enough"), ScenarioRun.Epoch, 0.5);

        Assert.IsType<Decision.Unchanged>(repeat);
    }

    [Fact]
    public void A_new_cancel_or_terminate_of_a_run_that_is_over_is_refused()
    {
        var run = Scenario.Of(Waiting).Cancel("1m").Terminate("2m").RunToEnd();

        Assert.Equal(["closed", "closed"], run.Refusals.Select(refused => refused.Code));
        Assert.Contains("completed", run.Refusals[0].Reason, StringComparison.Ordinal);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void A_reason_is_kept_to_8192_characters_and_is_not_cut_within_one()
    {
        var run = Scenario.Of(Waiting).Handler("work", _ => Answer.Never).Cancel("1m", new string('x', 8_191) + "😀" + new string('x', 10)).RunToEnd();

        Assert.Equal(new string('x', 8_191), run.End.Reason);
    }

    [Fact]
    public void Commands_to_a_run_that_never_started_are_refused_and_reports_are_put_up_with()
    {
        var initial = Scenario.Of(Waiting).NotStarted;
        var report = new WorkflowCommand.Report(Id, new(Guid.NewGuid(), 1, default, 1), default, Tasks.TaskOutcome.Lost.Instance);

        Assert.Equal("workflow-not-found", Assert.IsType<Decision.Refused>(WorkflowDecider.Decide(initial, new WorkflowCommand.Cancel(Id, Guid.NewGuid(), ""), ScenarioRun.Epoch, 0)).Code);
        Assert.Equal("workflow-not-found", Assert.IsType<Decision.Refused>(WorkflowDecider.Decide(initial, new WorkflowCommand.Terminate(Id, Guid.NewGuid(), ""), ScenarioRun.Epoch, 0)).Code);
        Assert.IsType<Decision.Unchanged>(WorkflowDecider.Decide(initial, report, ScenarioRun.Epoch, 0));
    }

    [Fact]
    public void Reports_and_ticks_after_the_end_change_nothing()
    {
        var run = Scenario.Of(Waiting).Handler("work", e => Answer.Success().ReportedTwice()).RunToEnd();
        var report = new WorkflowCommand.Report(Id, run.Started[0].Order.Attempt, run.Started[0].Lease, Tasks.TaskOutcome.Lost.Instance);

        Assert.IsType<Decision.Unchanged>(run.Ask(report));
        Assert.IsType<Decision.Unchanged>(run.Ask(new WorkflowCommand.Tick(Id)));
        Assert.IsType<Decision.Unchanged>(run.Ask(new WorkflowCommand.Continue(Id)));
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void What_a_command_leads_to_is_one_commit()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { set: { x: 1 }, needs: a }
              c: { switch: [{ case: yes, if: "true" }], needs: b }
              d: { uses: work, needs: c.yes, if: "false" }
            """).RunToEnd();

        Assert.Equal(2, run.Commits.Count);
        Assert.IsType<WorkflowEvent.Completed>(run.Commits[1].Events[^1]);
    }

    [Fact]
    public void A_decision_that_would_grow_too_large_is_continued_in_the_next()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: "${{ Array(2500).fill(0) }}", set: { i: "${{ index }}" } }
            output: ${{ tasks.each.output.length }}
            """).RunToEnd();

        Assert.Equal("2500", run.Output);
        Assert.InRange(run.Commits.Count, 3, 4);
        Assert.All(run.Commits, commit => Assert.InRange(commit.Events.Length, 1, Limits.StepsPerDecision + 2));
    }

    [Fact]
    public void A_state_that_has_been_decided_on_is_not_changed_by_it()
    {
        var run = Running();
        var open = Assert.IsType<WorkflowState.Open>(run.State);
        var order = run.Started[0].Order;
        var report = new WorkflowCommand.Report(Id, order.Attempt, run.Started[0].Lease, new Tasks.TaskOutcome.Succeeded(Payload.Null));

        var first = Assert.IsType<Decision.Accepted>(run.Ask(report));
        var second = Assert.IsType<Decision.Accepted>(run.Ask(report));

        Assert.Equal(first.Commit, second.Commit);
        Assert.Equal(order, open.OrderFor(order.Attempt.Execution));
    }
}
