using ActorFlow.Testing;

namespace ActorFlow.Examples;

/// <summary>Which tasks run, how often, and how many at once.</summary>
public sealed class FlowExamples
{
    [Theory]
    [InlineData(500, "auto", 0)]
    [InlineData(5_000, "manual", 1)]
    public async Task Switch_takes_the_first_case_that_is_true(int total, string label, int checks)
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("check", FakeHandler.Echoes()));
        var run = await host.StartAsync(host.Register("""
            name: risk
            tasks:
              risk: { switch: [{ case: manual, if: "${{ input.total > 1000 }}" }, { case: auto }] }
              check: { needs: [risk.manual], uses: check }
            """), new { total });

        await run.EndAsync();

        Assert.Equal($"\"{label}\"", run.Tasks["risk"].Output.ToString());
        Assert.Equal(checks, host.CallsOf("check").Count);
    }

    [Fact]
    public async Task For_each_runs_once_per_element_and_as_many_at_once_as_it_may()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("square", async (context, input) =>
        {
            await context.DelayAsync(1.Minutes());
            return input.To<int>() * input.To<int>();
        }));
        var run = await host.StartAsync(host.Register("""
            name: squares
            tasks:
              squares: { for-each: [1, 2, 3, 4, 5], max-parallel: 2, uses: square, with: "${{ item }}" }
            output: ${{ tasks.squares.output }}
            """));
        Assert.Equal(2, host.Calls.Count(call => call.End == CallEnd.Running));

        await run.EndAsync();

        Assert.Equal("[1,4,9,16,25]", run.Output.ToString());
        Assert.Equal(3.Minutes(), run.Took);
        Assert.Equal(["squares[0]", "squares[1]", "squares[2]", "squares[3]", "squares[4]"], host.Calls.Select(call => call.Task));
    }

    [Fact]
    public async Task A_group_is_a_graph_of_its_own()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("work", FakeHandler.Echoes()));
        var run = await host.StartAsync(host.Register("""
            name: grouped
            tasks:
              pay:
                tasks:
                  authorize: { uses: work, with: 1 }
                  capture: { needs: [authorize], uses: work, with: "${{ tasks.authorize.output + 1 }}" }
                output: ${{ tasks.capture.output }}
              after: { needs: [pay], set: { paid: "${{ tasks.pay.output }}" } }
            """));

        await run.EndAsync();

        Assert.Equal("""{"after":{"paid":2}}""", run.Output.ToString());
        Assert.Equal(["pay/authorize", "pay/capture"], host.Calls.Select(call => call.Task));
        Assert.Equal("2", run.Tasks["pay/capture"].Output.ToString());
    }

    [Fact]
    public async Task Repeat_runs_until_its_condition_holds()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask(
            "poll", FakeHandler.InTurn(FakeHandler.Returns("busy"), FakeHandler.Returns("busy"), FakeHandler.Returns("done"))));
        var run = await host.StartAsync(host.Register("""
            name: polling
            tasks:
              poll: { uses: poll, repeat: { until: "${{ tasks.poll.output === 'done' }}", delay: 10m } }
            """));

        await run.EndAsync();

        Assert.Equal("\"done\"", run.Tasks["poll"].Output.ToString());
        Assert.Equal(["poll#0", "poll#1", "poll#2"], host.Calls.Select(call => call.Task));
        Assert.Equal(20.Minutes(), run.Took);
    }

    [Fact]
    public async Task Join_any_goes_on_with_the_first_and_still_waits_for_the_others()
    {
        await using var host = WorkflowTestHost.Create(h =>
        {
            h.AddTask("fast", FakeHandler.Takes(1.Seconds()));
            h.AddTask("slow", FakeHandler.Takes(1.Hours()));
            h.AddTask("notify", FakeHandler.Echoes());
        });
        var run = await host.StartAsync(host.Register("""
            name: race
            tasks:
              fast: { uses: fast }
              slow: { uses: slow, timeout: 2h }
              first: { needs: [fast, slow], join: any, uses: notify }
            """));

        await run.EndAsync();

        Assert.Equal(1.Seconds(), Assert.Single(host.CallsOf("notify")).StartedAt - run.StartedAt);
        Assert.Equal(1.Hours(), run.Took);
    }

    [Fact]
    public async Task Max_parallel_of_the_run_lets_the_higher_priority_go_first()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("work", FakeHandler.Takes(1.Minutes())));
        var run = await host.StartAsync(host.Register("""
            name: queueing
            max-parallel: 1
            tasks:
              low: { uses: work, priority: 1 }
              usual: { uses: work }
              high: { uses: work, priority: 9 }
            """));

        await run.EndAsync();

        Assert.Equal(["high", "usual", "low"], host.Calls.Select(call => call.Task));
        Assert.Equal(3.Minutes(), run.Took);
    }

    [Fact]
    public async Task Set_computes_without_a_worker()
    {
        await using var host = WorkflowTestHost.Create();

        var run = await host.StartAsync(host.Register("""
            name: computing
            tasks:
              sums: { set: { total: "${{ input.reduce((sum, n) => sum + n, 0) }}", text: "of ${{ input.length }}" } }
            """), new[] { 1, 2, 3 });

        Assert.Equal("""{"sums":{"total":6,"text":"of 3"}}""", run.Output.ToString());
    }

    [Fact]
    public async Task If_skips_a_task_and_what_only_it_leads_to()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("mail", FakeHandler.Echoes()));
        var run = await host.StartAsync(host.Register("""
            name: optional
            tasks:
              mail: { if: "${{ input.mail }}", uses: mail }
              receipt: { needs: [mail], uses: mail }
            """), new { mail = false });

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.All(run.Tasks.Values, task => Assert.Equal(TaskPhase.Skipped, task.Status));
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task Fail_ends_the_run_with_a_message()
    {
        await using var host = WorkflowTestHost.Create();

        var run = await host.StartAsync(host.Register("""
            name: strict
            tasks:
              no: { fail: "Not with ${{ input.who }}." }
            """), new { who = "you" });

        Assert.Equal(("Failed", "Not with you.", "no"), (run.Error!.Type, run.Error.Message, run.Error.Task));
    }
}
