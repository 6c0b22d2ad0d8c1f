using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Failure rules 64 to 68: what the id of a command stands for.</summary>
public sealed class CommandIdTests
{
    private const string Id = ScenarioRun.WorkflowId;

    private const string Yaml = """
        tasks:
          a: { uses: work }
          s: { signal: go, needs: a }
          t: { signal: other, needs: a }
        """;

    private static ScenarioRun Running() => Scenario.Of(Yaml).Handler("work", _ => Answer.NoReport).Input(new { n = 1 }).Play();

    [Fact]
    public void Failure_64_a_command_id_reused_with_other_content_is_a_conflict()
    {
        var id = Guid.NewGuid();
        WorkflowCommand first = new WorkflowCommand.Signal(Id, id, "go", Payload.Parse("""{"a":1,"b":[true,"x"]}"""));
        WorkflowCommand[] others =
        [
            new WorkflowCommand.Signal(Id, id, "other", Payload.Parse("""{"a":1,"b":[true,"x"]}""")),
            new WorkflowCommand.Signal(Id, id, "go", Payload.Parse("""{"a":2,"b":[true,"x"]}""")),
            new WorkflowCommand.Signal(Id, id, "go", Payload.Parse("""{"a":1,"b":["x",true]}""")),
            new WorkflowCommand.Pause(Id, id),
            new WorkflowCommand.Cancel(Id, id, "go"),
            new WorkflowCommand.Terminate(Id, id, "go"),
            new WorkflowCommand.Start(Id, id, Guid.NewGuid(), Running().Reference, Payload.From(new { n = 1 })),
        ];

        foreach (var state in After(first))
        {
            Assert.All(others, other => Assert.Equal("command-conflict", RefusalOf(state, other)));
            Assert.Same(Decision.Nothing, Decide(state, first));
            Assert.Same(Decision.Nothing, Decide(state, new WorkflowCommand.Signal(Id, id, "go", Payload.Parse("""{ "b": [true, "\u0078"], "a": 1 }"""))));
        }
    }

    [Fact]
    public void Failure_64_a_command_that_an_earlier_version_recorded_counts_as_the_same()
    {
        var id = Guid.NewGuid();
        var run = Running();
        var accepted = Assert.IsType<Decision.Accepted>(run.Ask(new WorkflowCommand.Signal(Id, id, "go", Payload.Null)));

        var state = WorkflowDecider.Evolve(run.State, accepted.Commit with { CommandHash = 0 });

        Assert.Same(Decision.Nothing, Decide(state, new WorkflowCommand.Signal(Id, id, "go", Payload.From(1))));
    }

    [Fact]
    public void Failure_66_a_repeated_start_fits_by_its_command_id_its_name_and_the_value_of_its_input()
    {
        var run = Running();
        var first = Assert.IsType<WorkflowEvent.Started>(run.Events.First());
        var later = first.Definition with { Version = first.Definition.Version + 1, Hash = "later" };
        var commandId = run.Commits[0].CommandId!.Value;

        foreach (var id in new[] { commandId, Guid.NewGuid() })
        {
            Assert.Same(Decision.Nothing, Decide(run.State, Start(id, first.Definition, """{ "n": 1 }""")));
            Assert.Same(Decision.Nothing, Decide(run.State, Start(id, first.Definition, """{"n":1}""") with { Tags = RunTags.None.Add("a", "b") }));
            Assert.Same(Decision.Nothing, Decide(run.State, Start(id, later, """{"n":1}""") with { AnyVersion = true }));
        }

        Assert.Equal("command-conflict", RefusalOf(run.State, Start(commandId, later, """{"n":1}""")));
        Assert.Equal("command-conflict", RefusalOf(run.State, Start(commandId, first.Definition, """{"n":2}""")));
        Assert.Equal("id-conflict", RefusalOf(run.State, Start(Guid.NewGuid(), later, """{"n":1}""")));
        Assert.Equal("id-conflict", RefusalOf(run.State, Start(Guid.NewGuid(), later with { Name = "another" }, """{"n":1}""") with { AnyVersion = true }));
        Assert.Equal("id-conflict", RefusalOf(run.State, Start(Guid.NewGuid(), first.Definition, """{"n":2}""")));
    }

    [Fact]
    public void Failure_67_an_accepted_command_that_changes_nothing_is_remembered_and_a_refused_one_is_not()
    {
        var run = Running();
        var (noted, refused) = (Guid.NewGuid(), Guid.NewGuid());
        var state = Assert.IsType<Decision.Accepted>(Decide(run.State, new WorkflowCommand.Pause(Id, Guid.NewGuid()))).State;
        var second = Assert.IsType<Decision.Accepted>(Decide(state, new WorkflowCommand.Pause(Id, noted)));
        Assert.Equal(new WorkflowEvent.CommandNoted("pause"), Assert.Single(second.Commit.Events));
        state = Assert.IsType<Decision.Accepted>(Decide(second.State, new WorkflowCommand.Resume(Id, Guid.NewGuid()))).State;
        Assert.Equal("not-paused", RefusalOf(state, new WorkflowCommand.Resume(Id, refused)));

        Assert.Same(Decision.Nothing, Decide(state, new WorkflowCommand.Pause(Id, noted)));
        Assert.False(((WorkflowState.Open)state).IsPaused);
        Assert.IsType<Decision.Accepted>(Decide(state, new WorkflowCommand.Pause(Id, refused)));
    }

    [Fact]
    public void Failure_67_an_id_is_kept_among_the_last_1_000_or_for_a_day_and_among_10_000_at_most()
    {
        var start = DateTimeOffset.UnixEpoch;
        var few = Fill(5_000, _ => start);
        Assert.Equal(5_000, few.All.Count());
        var aged = few.Add(One(5_000, start + TimeSpan.FromHours(24)));
        Assert.Equal(1_000, aged.All.Count());
        Assert.Equal(CommandStanding.New, aged.StandingOf(IdOf(4_000), () => 1));
        Assert.Equal(CommandStanding.Repeat, aged.StandingOf(IdOf(4_001), () => 1));
        Assert.Equal(CommandStanding.Conflict, aged.StandingOf(IdOf(4_001), () => 2));
        var many = Fill(10_050, _ => start);
        Assert.Equal((10_000, CommandStanding.New, CommandStanding.Repeat), (many.All.Count(), many.StandingOf(IdOf(49), () => 1), many.StandingOf(IdOf(50), () => 1)));

        static CommandWindow Fill(int count, Func<int, DateTimeOffset> at) =>
            Enumerable.Range(0, count).Aggregate(CommandWindow.Empty, (window, n) => window.Add(One(n, at(n))));
        static TakenCommand One(int n, DateTimeOffset at) => new(IdOf(n), 1, at);
        static Guid IdOf(int n) => new(n, 0, 0, new byte[8]);
    }

    [Fact]
    public void Failure_67_the_window_survives_a_checkpoint_and_a_rewind_and_is_empty_in_a_fork()
    {
        var id = Guid.NewGuid();
        var run = Scenario.Of(Yaml).Handler("work", _ => Answer.NoReport).Input(new { n = 1 }).Signal("1m", "go", 1, id).Rewind("2m", to: 1).Play();
        var open = (WorkflowState.Open)run.State;

        var recovered = WorkflowState.Of(open.Run.Plan, open.ToImage());

        foreach (var state in new[] { run.State, recovered })
        {
            Assert.Same(Decision.Nothing, Decide(state, new WorkflowCommand.Signal(Id, id, "go", Payload.From(1))));
            Assert.Equal("command-conflict", RefusalOf(state, new WorkflowCommand.Signal(Id, id, "go", Payload.From(2))));
        }

        var fork = Assert.IsType<Decision.Accepted>(Decide(
            Scenario.Of(Yaml).NotStarted,
            new WorkflowCommand.Start("fork", Guid.NewGuid(), Guid.NewGuid(), run.Reference, Payload.From(new { n = 1 }))
            {
                Origin = new(Id, ScenarioRun.RunId, 1),
                Image = run.ImageAfter(1),
            }));
        Assert.Single(((WorkflowState.Open)fork.State).ToImage().Commands);
    }

    private static IEnumerable<WorkflowState> After(WorkflowCommand command)
    {
        var open = Assert.IsType<Decision.Accepted>(Running().Ask(command)).State;
        yield return open;
        yield return Assert.IsType<Decision.Accepted>(Decide(open, new WorkflowCommand.Terminate(Id, Guid.NewGuid(), "enough"))).State;
    }

    private static WorkflowCommand.Start Start(Guid id, DefinitionReference definition, string input) =>
        new(Id, id, Guid.NewGuid(), definition, Payload.Parse(input));

    private static Decision Decide(WorkflowState state, WorkflowCommand command) => WorkflowDecider.Decide(state, command, ScenarioRun.Epoch.AddHours(1), 0.5);

    private static string RefusalOf(WorkflowState state, WorkflowCommand command) => Assert.IsType<Decision.Refused>(Decide(state, command)).Code;
}
