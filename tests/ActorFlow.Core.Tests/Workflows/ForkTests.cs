using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>A new run begins where another stood.</summary>
public sealed class ForkTests
{
    private static readonly string Steps = """
        tasks:
          a: { uses: work, with: "${{ input.n }}", checkpoint: true }
          b: { uses: work, with: "${{ input.n }}", needs: a }
        output: ["${{ tasks.a.output }}", "${{ tasks.b.output }}", "${{ workflow.id }}"]
        """;

    [Fact]
    public void A_fork_goes_on_from_the_checkpoint_under_ids_and_keys_of_its_own()
    {
        var scenario = Scenario.Of(Steps).Input(new { n = 1 }).Takes("work", "10m");
        var run = scenario.RunToEnd();
        var fork = scenario.Fork(run, 2);

        Assert.Equal(["b:1"], fork.Attempts);
        Assert.Equal("""[1,1,"fork"]""", fork.Output);
        Assert.NotEqual(run.End.RunId, fork.End.RunId);
        Assert.DoesNotContain(fork.Started[0].Order.IdempotencyKey, run.Started.Select(execution => execution.Order.IdempotencyKey));
        Assert.Equal(new RunOrigin("run", run.End.RunId, 2), fork.Events.OfType<WorkflowEvent.Started>().Single().Origin);
    }

    [Fact]
    public void Its_input_may_differ_for_what_has_yet_to_run()
    {
        var scenario = Scenario.Of(Steps).Input(new { n = 1 }).Takes("work", "10m");
        var fork = scenario.Fork(scenario.RunToEnd(), 2, new { n = 2, more = "than before" });

        Assert.Equal("""[1,2,"fork"]""", fork.Output);
    }

    [Fact]
    public void Its_input_has_to_satisfy_the_schema()
    {
        var scenario = Scenario.Of("input: { type: object, required: [n] }\n" + Steps).Input(new { n = 1 });
        var run = scenario.RunToEnd();
        var fork = scenario.Fork(scenario.Takes("work", "1m").RunToEnd(), 2, new { m = 1 });

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal(["invalid-input"], fork.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void The_run_that_it_comes_from_is_not_touched()
    {
        var scenario = Scenario.Of("tasks: { a: { uses: work }, b: { signal: go, needs: a } }").Takes("work", "10m").Signal("1h", "go", 1);
        var run = scenario.RunToEnd();
        var before = run.Commits.Count;
        scenario.Fork(run, 1);

        Assert.Equal((before, RunOutcome.Completed), (run.Commits.Count, run.Outcome));
    }

    [Fact]
    public void What_was_under_way_is_begun_again_as_the_fork_s_own()
    {
        var scenario = Scenario.Of("""
            tasks:
              a: { uses: slow }
              kid: { workflow: other }
              s: { signal: go }
              q: { ask: { kind: text, prompt: p } }
              d: { delay: 2h }
            """).Takes("slow", "50m").Child("other", _ => ChildEnd.Completes().After("1h")).Checkpoint("10m", "x").Signal("30h", "go").Reply("30h", "q", "x");
        var run = scenario.RunToEnd();
        var (sequence, _) = run.NamedCheckpoint("x")!.Value;
        var fork = Scenario.Of("""
            tasks:
              a: { uses: slow }
              kid: { workflow: other }
              s: { signal: go }
              q: { ask: { kind: text, prompt: p } }
              d: { delay: 2h }
            """).Takes("slow", "50m").Child("other", _ => ChildEnd.Completes().After("1h")).Signal("40h", "go").Reply("41h", "q", "x").Fork(run, (int)sequence);

        Assert.Equal(["a:1"], fork.Attempts);
        Assert.Equal(["fork/kid"], fork.ChildIds);
        Assert.Equal("fork", fork.Children[0].Order.Link.WorkflowId);
        Assert.Equal((RunOutcome.Completed, 41), (fork.Outcome, (int)fork.Took.TotalHours));
    }

    [Fact]
    public void Attempts_under_way_or_waiting_for_their_turn_begin_again_with_the_fork_s_input_and_the_same_number()
    {
        const string Yaml = """
            max-parallel: 2
            tasks:
              a: { uses: slow, with: "${{ input }}" }
              b: { uses: flaky, with: "${{ input }}", retry: { max-attempts: 2, initial: 30m, max: 1h } }
              c: { for-each: [1, 2], uses: slow, with: "${{ input }}", needs: b }
            output: ["${{ tasks.a.attempts }}", "${{ tasks.b.attempts }}"]
            """;
        var scenario = Scenario.Of(Yaml).Input("old").Takes("slow", "50m").Handler("flaky", e => e.Attempt == 1 ? Answer.Failure() : e.Input);
        var run = scenario.RunToEnd();
        var fork = scenario.Fork(run, 2, "new");

        Assert.IsType<WorkflowEvent.AttemptFailed>(run.Commits[1].Events[0]);
        Assert.Equal(["a:1", "b:2", "c[0]:1", "c[1]:1"], fork.Attempts.Order());
        Assert.All(fork.Started, execution => Assert.Equal("\"new\"", execution.Input.ToString()));
        Assert.Equal("[1,2]", fork.Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rule_22_A_child_whose_input_cannot_be_evaluated_counts_as_started_once_begun_again_or_not(bool isFork)
    {
        const string Yaml = "tasks: { kid: { workflow: other, with: \"${{ input.a.b }}\", on-error: continue } }\noutput: ${{ tasks.kid.attempts }}";
        var scenario = Scenario.Of(Yaml).Input(new { a = new { b = 1 } }).Child("other", _ => ChildEnd.Never);
        var run = isFork ? scenario.Fork(scenario.Play(), 1, new { }) : Scenario.Of(Yaml).Input(new { }).RunToEnd();

        Assert.Equal((RunOutcome.Completed, "1"), (run.Outcome, run.Output));
    }

    [Fact]
    public void What_was_being_cancelled_is_cancelled_in_the_fork_at_once()
    {
        var scenario = Scenario.Of("""
            tasks:
              group:
                on-error: continue
                tasks:
                  a: { uses: slow, deadline: 10m }
                  b: { uses: slow }
                  c: { workflow: other }
                  d: { uses: slow, retry: { max-attempts: 9, initial: 1h, max: 1h } }
              end: { uses: work, needs: group }
            output: ${{ tasks.group.error.type }}
            """).Handler("slow", e => e.Path == "group/d" ? Answer.Failure() : Answer.Success().After("50m").DespiteCancel()).Child("other", _ => ChildEnd.Completes().After("50m"));
        var run = scenario.RunToEnd();
        var withdrawn = Enumerable.Range(1, run.Commits.Count - 1).First(i => run.Commits[i - 1].Events.Any(e => e is WorkflowEvent.DeadlinePassed));
        var fork = scenario.Fork(run, withdrawn);

        Assert.Equal(["end"], fork.Paths);
        Assert.Equal("\"DeadlineExceeded\"", fork.Output);
    }

    [Fact]
    public void Entries_to_undo_stay_with_the_run_that_it_comes_from()
    {
        var scenario = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo, with: "${{ tasks.a.output }}" } }
              b: { uses: work, needs: a, compensate: { uses: undo } }
              c: { fail: x, needs: b }
            """).Takes("work", "10m");
        var run = scenario.RunToEnd();
        var fork = scenario.Fork(run, 2);

        Assert.Equal(["a", "b", "b!compensate", "a!compensate"], run.Paths);
        Assert.Equal(["b", "b!compensate"], fork.Paths);
        Assert.Equal(RunOutcome.Failed, fork.Outcome);
    }

    [Fact]
    public void A_fork_counts_the_bytes_that_it_holds()
    {
        var scenario = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, with: "${{ 'x'.repeat(100) }}", compensate: { uses: undo, with: "${{ 'y'.repeat(100) }}" } }
              kid: { workflow: other, with: "${{ 'z'.repeat(100) }}" }
              s: { signal: go }
              c: { signal: go, needs: a }
            """).Input("a long input").Child("other", _ => ChildEnd.Never).Checkpoint("1m", "x").Pause("2m");
        var run = scenario.Play();
        var fork = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, with: "${{ 'x'.repeat(100) }}", compensate: { uses: undo, with: "${{ 'y'.repeat(100) }}" } }
              kid: { workflow: other, with: "${{ 'z'.repeat(100) }}" }
              s: { signal: go }
              c: { signal: go, needs: a }
            """).Child("other", _ => ChildEnd.Never).Fork(run, (int)run.NamedCheckpoint("x")!.Value.Sequence, "short");

        Assert.Equal(Holdings.BytesOf(run.Open.Run), run.Open.Run.Quota.Bytes);
        Assert.Equal(Holdings.BytesOf(fork.Open.Run), fork.Open.Run.Quota.Bytes);
    }

    [Fact]
    public void A_fork_has_command_ids_of_its_own()
    {
        var id = Guid.NewGuid();
        var scenario = Scenario.Of("tasks: { a: { signal: go }, b: { signal: go, needs: a }, c: { delay: 100d, needs: b } }").Signal("1m", "go", 1, id);
        var run = scenario.Play();
        var fork = scenario.Fork(run, 2);

        Assert.Single(run.Events.OfType<WorkflowEvent.SignalReceived>());
        Assert.Single(fork.Events.OfType<WorkflowEvent.SignalReceived>());
    }

    [Fact]
    public void A_paused_run_s_fork_runs()
    {
        var scenario = Scenario.Of("tasks: { a: { uses: work }, b: { uses: work, needs: a } }").Takes("work", "10m").Pause("1m");
        var run = scenario.Play();
        var fork = Scenario.Of("tasks: { a: { uses: work }, b: { uses: work, needs: a } }").Fork(run, run.Commits.Count);

        Assert.True(run.Open.IsPaused);
        Assert.Equal(["b"], fork.Paths);
        Assert.Equal(RunOutcome.Completed, fork.Outcome);
    }

    [Fact]
    public void What_cannot_be_forked_is_refused()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks: { a: { uses: work, compensate: { uses: undo } }, b: { uses: slow, needs: a } }
            """).Handler("undo", _ => Answer.Success().After("10m")).Handler("slow", _ => Answer.Success().After("30m").DespiteCancel())
            .Rewind("10m", to: 1).Cancel("50m").RunToEnd();
        var images = Enumerable.Range(1, run.Commits.Count - 1).Select(run.ImageAfter).ToList();
        var (undone, stopping) = (images.First(image => image.Compensating), images.First(image => image.Rewinding is not null));
        var plan = Scenario.Of("tasks: { a: { uses: work } }").NotStarted;
        string Code(RunImage image, DefinitionReference? definition = null) => Assert.IsType<Decision.Refused>(WorkflowDecider.Decide(
            plan,
            new WorkflowCommand.Start("fork", Guid.NewGuid(), Guid.NewGuid(), definition ?? image.Definition, Payload.Null) { Origin = new("run", image.RunId, 1), Image = image },
            ScenarioRun.Epoch,
            0)).Code;

        Assert.Equal("compensated", Code(undone));
        Assert.Equal("rewinding", Code(stopping));
        Assert.Equal("checkpoint-not-found", Code(images[0], new("scenario", 2, "other")));
    }
}
