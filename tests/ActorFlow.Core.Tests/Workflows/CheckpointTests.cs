using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Checkpoints that have a name: of tasks that say so, and on demand.</summary>
public sealed class CheckpointTests
{
    [Fact]
    public void A_task_that_says_so_names_a_checkpoint_when_it_settles()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, checkpoint: true }
              each: { for-each: [1, 2], uses: work, checkpoint: true, needs: a }
              skipped: { uses: work, if: "false", checkpoint: true, needs: each }
              failed: { uses: broken, on-error: continue, checkpoint: true, needs: each }
              group: { tasks: { x: { uses: work, checkpoint: true } }, needs: failed }
              end: { uses: work, needs: group }
            """).Fails("broken").RunToEnd();

        Assert.Equal(["a", "each", "skipped", "failed", "group/x"], run.Checkpoints);
    }

    [Fact]
    public void A_checkpoint_holds_the_run_as_its_commit_leaves_it()
    {
        var run = Scenario.Of("tasks: { a: { uses: work, checkpoint: true }, b: { uses: work, needs: a } }").Takes("work", "1m").RunToEnd();
        var (sequence, image) = run.NamedCheckpoint("a")!.Value;

        Assert.Equal(2, sequence);
        Assert.IsType<WorkflowEvent.CheckpointNamed>(run.Commits[1].Events[^1]);
        Assert.Equal(["Completed", "Running"], image.Scopes[0].Tasks.Select(task => task.Phase.ToString()));
    }

    [Fact]
    public void Every_iteration_of_a_group_names_its_own()
    {
        var run = Scenario.Of("""
            tasks:
              group: { repeat: { until: iteration === 1 }, tasks: { x: { uses: work, checkpoint: true } } }
              end: { uses: work, needs: group }
            """).RunToEnd();

        Assert.Equal(["group#0/x", "group#1/x"], run.Checkpoints);
    }

    [Fact]
    public void There_is_none_on_the_closing_commit_and_none_of_what_is_cancelled()
    {
        var last = Scenario.Of("tasks: { a: { uses: work, checkpoint: true } }").RunToEnd();
        var failed = Scenario.Of("tasks: { a: { uses: broken, checkpoint: true }, b: { uses: slow, checkpoint: true } }").Fails("broken").Takes("slow", "1h").RunToEnd();

        Assert.Empty(last.Checkpoints);
        Assert.Empty(failed.Checkpoints);
    }

    [Fact]
    public void A_run_that_is_opened_again_names_no_checkpoint_of_before()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, checkpoint: true }
              broken: { uses: broken, checkpoint: true, needs: a }
              slow: { uses: slow, checkpoint: true, needs: a }
              end: { delay: 1m, needs: [broken, slow] }
            """).Fails("broken", times: 1).Handler("slow", _ => Answer.Success().After("10m").DespiteCancel()).Retry("1h").RunToEnd();

        Assert.Equal(["a", "broken"], run.Checkpoints);
        Assert.Equal(1, run.CountOf("slow"));
    }

    [Fact]
    public void One_is_taken_on_demand_whatever_the_run_does()
    {
        var run = Scenario.Of("tasks: { a: { delay: 1d } }").Checkpoint("1m", "first").Pause("2m").Checkpoint("3m", "paused").Checkpoint("4m", "first").Resume("5m").RunToEnd();

        Assert.Equal(["first", "paused", "first"], run.Checkpoints);
        Assert.Equal(4, run.NamedCheckpoint("first")!.Value.Sequence - 1);
    }

    [Fact]
    public void One_command_takes_one_checkpoint()
    {
        var id = Guid.NewGuid();
        var run = Scenario.Of("tasks: { a: { delay: 1d } }").Checkpoint("1m", "x", id).Checkpoint("2m", "x", id).RunToEnd();

        Assert.Equal(["x"], run.Checkpoints);
    }

    [Theory]
    [InlineData("", "bad-name")]
    [InlineData("a\nb", "bad-name")]
    [InlineData("a name with spaces / and more", null)]
    [InlineData(200, null)]
    [InlineData(201, "bad-name")]
    public void A_name_has_1_to_200_characters_and_no_control_characters(object name, string? code)
    {
        var run = Scenario.Of("tasks: { a: { signal: go } }").Play();
        var text = name as string ?? new string('x', (int)name);

        Assert.Equal(code, (run.Ask(new WorkflowCommand.TakeCheckpoint("run", Guid.NewGuid(), text)) as Decision.Refused)?.Code);
    }
}
