
namespace ActorFlow.Testing.Tests;

public sealed class FaultTests
{
    /// <summary>Something of everything: loop, fan-out, group, child, delay, question, signal, retry, compensation.</summary>
    private const string Everything = """
        name: everything
        on-failure: compensate
        checkpoint: { every: 7 }
        tasks:
          loop: { uses: echo, with: "${{ iteration }}", repeat: { while: "${{ iteration < 2 }}", delay: 1m } }
          fan:
            for-each: [1, 2, 3]
            max-parallel: 2
            tasks:
              a: { uses: echo, with: "${{ item }}", checkpoint: true }
              b: { needs: [a], uses: flaky, with: "${{ tasks.a.output * 10 }}", retry: { max-attempts: 3 } }
            output: ${{ tasks.b.output }}
          kid: { needs: [loop], workflow: kid, with: { n: 5 } }
          wait: { needs: [fan, kid], delay: 1h }
          ask: { needs: [wait], ask: { kind: rating, prompt: Well?, default: 4 }, timeout: 1d }
          go: { signal: go }
          end: { needs: [ask, go], uses: echo, with: "${{ tasks.ask.output.value + tasks.go.output }}" }
        output: { fan: "${{ tasks.fan.output }}", kid: "${{ tasks.kid.output }}", end: "${{ tasks.end.output }}" }
        ---
        name: kid
        tasks:
          pause: { delay: 10m }
          work: { needs: [pause], uses: echo, with: "${{ input.n }}" }
        output: ${{ tasks.work.output }}
        """;

    private const string Result = """{"fan":[10,20,30],"kid":5,"end":44}""";

    [Fact]
    public async Task A_crash_after_any_commit_leads_to_the_same_end()
    {
        var commits = 1;
        for (var crashAt = 0; crashAt <= commits; crashAt++)
        {
            await using var host = Host();
            if (crashAt > 0)
            {
                host.CrashAfterCommits(crashAt);
            }

            var run = await host.StartAsync(host.Register(Everything), id: "e");
            await run.SignalAsync("go", 40);
            await run.EndAsync();

            Assert.Equal((crashAt > 0 ? 1 : 0, WorkflowStatus.Completed, Result), (host.Crashes, run.Status, run.Output.ToString()));
            var completed = run.Events.Where(e => e.Kind == "task-execution-completed").Select(e => e.Task).ToList();
            Assert.NotEmpty(completed);
            Assert.Equal(completed.Distinct(), completed);
            commits = crashAt == 0 ? host.Commits : commits;
        }

        Assert.InRange(commits, 25, 200);
    }

    [Fact]
    public async Task So_does_a_crash_after_every_commit()
    {
        await using var host = Host();
        host.CrashAfterEveryCommit();

        var run = await host.StartAsync(host.Register(Everything), id: "e");
        await run.SignalAsync("go", 40);
        await run.EndAsync();

        Assert.Equal(Result, run.Output.ToString());
        Assert.Equal(host.Commits, host.Crashes);
        Assert.InRange(host.Crashes, 25, 200);
    }

    [Fact]
    public async Task A_run_that_is_steered_comes_to_the_same_end_whenever_the_node_crashes()
    {
        var commits = 1;
        for (var crashAt = 0; crashAt <= commits; crashAt++)
        {
            await using var host = Host();
            if (crashAt > 0)
            {
                host.CrashAfterCommits(crashAt);
            }

            var run = await host.StartAsync(host.Register(Everything), id: "e");
            await run.CheckpointAsync("begun");
            await run.PauseAsync();
            await run.SignalAsync("go", 1);
            await run.ResumeAsync();
            await host.AdvanceAsync(5.Minutes());
            var fork = await run.ForkAsync("begun", id: "f");
            await run.RewindAsync("begun");
            await fork.SignalAsync("go", 36);
            await run.SignalAsync("go", 2);
            await fork.EndAsync();
            await run.EndAsync();
            Assert.Equal("""{"fan":[10,20,30],"kid":5,"end":6}""", run.Output.ToString());
            await run.RetryAsync(from: "go");
            Assert.Equal(WorkflowStatus.Waiting, run.Status);
            await run.CancelAsync();

            Assert.Equal(crashAt > 0 ? 1 : 0, host.Crashes);
            Assert.Equal("""{"fan":[10,20,30],"kid":5,"end":40}""", fork.Output.ToString());
            Assert.Equal(WorkflowStatus.Cancelled, run.Status);
            Assert.All(run.Children.Concat(fork.Children), child => Assert.Equal(WorkflowStatus.Completed, child.Status));
            commits = crashAt == 0 ? host.Commits : commits;
        }

        Assert.InRange(commits, 50, 400);
    }

    [Fact]
    public async Task What_a_run_tells_of_itself_is_the_same_after_a_crash()
    {
        await using var host = Host();
        var run = await host.StartAsync(host.Register(Everything), id: "e");
        await host.AdvanceAsync(90.Minutes());
        string Told() => string.Join(
            "\n", run.Status, run.Took, string.Join("\n", run.Tasks.Values), string.Join("\n", run.Events), string.Join("\n", run.WaitingFor),
            string.Join("\n", run.Checkpoints.Select(kept => $"{kept.Sequence} {string.Join(" ", kept.Names)}")), string.Join("\n", run.Questions));
        var before = Told();

        await host.CrashAsync();

        Assert.Equal(before, Told());
        Assert.Contains("ask: running", before);
        Assert.Equal(3, run.Checkpoints.Count(kept => kept.Names.Count > 0));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_run_and_another_another()
    {
        Assert.Equal(await HistoryAsync(1), await HistoryAsync(1));
        Assert.NotEqual(await HistoryAsync(1), await HistoryAsync(2));

        static async Task<string> HistoryAsync(int seed)
        {
            await using var host = Host(seed);
            var run = await host.StartAsync(host.Register(Everything));
            await run.SignalAsync("go", 40);
            await run.EndAsync();
            return string.Join("\n", run.Events) + string.Join("\n", host.Calls) + string.Join("\n", host.Calls.Select(call => call.IdempotencyKey));
        }
    }

    [Fact]
    public async Task Payloads_over_64_KB_are_found_again_beside_the_journal()
    {
        var large = new string('x', 200_000);
        await using var host = Host();
        var run = await host.StartAsync(
            host.Register("name: large\ntasks: { go: { signal: go }, keep: { uses: echo, with: \"${{ input.text }}\" } }"), new { text = large });

        await host.CrashAsync();
        await run.SignalAsync("go");

        Assert.Equal(Payload.FromString(large), run.Tasks["keep"].Output);
        Assert.Single(host.Calls);
    }

    [Fact]
    public async Task A_handler_that_ran_when_the_node_crashed_never_goes_on_and_is_called_again()
    {
        var finished = 0;
        await using var host = WorkflowTestHost.Create(h => h.AddTask("slow", async (context, _) =>
        {
            await context.DelayAsync(10.Minutes());
            finished++;
        }));
        var run = await host.StartAsync(host.Register("name: slow\ntasks: { slow: { uses: slow } }"));
        await host.AdvanceAsync(9.Minutes());

        await host.CrashAsync();
        await run.EndAsync();

        Assert.Equal((1, 19.Minutes()), (finished, run.Took));
        Assert.Equal([CallEnd.Lost, CallEnd.Returned], host.Calls.Select(call => call.End));
        Assert.Equal([1, 1], host.Calls.Select(call => call.Attempt));
    }

    [Fact]
    public async Task An_attempt_that_is_lost_ten_times_in_a_row_is_parked()
    {
        await using var host = Host();
        for (var i = 0; i < 12; i++)
        {
            host.LoseNext("echo");
        }

        var run = await host.StartAsync(host.Register("name: poison\ntasks: { eat: { uses: echo } }"));

        Assert.Equal(10, host.Calls.Count);
        Assert.False(run.HasEnded);
        Assert.Contains("lost 10 times in a row", (await Assert.ThrowsAsync<WorkflowWaitsException>(() => run.EndAsync())).Message);
    }

    [Fact]
    public async Task A_child_of_a_run_that_is_retried_starts_anew_under_its_id()
    {
        await using var host = Host();
        host.FailNext("echo", "Broken");
        var run = await host.StartAsync(host.Register("""
            name: parent
            tasks: { kid: { workflow: kid } }
            ---
            name: kid
            tasks: { work: { uses: echo, with: 1 } }
            """), id: "p");
        Assert.Equal(("Broken", "kid/work"), (run.Error!.Type, run.Error.Task));

        await run.RetryAsync();
        await host.CrashAsync();

        Assert.Equal("""{"kid":{"work":1}}""", run.Output.ToString());
        Assert.Equal(WorkflowStatus.Completed, host.Run("p/kid").Status);
        Assert.Equal([CallEnd.Failed, CallEnd.Returned], host.Calls.Select(call => call.End));
    }

    private static WorkflowTestHost Host(int seed = 1) => WorkflowTestHost.Create(h =>
    {
        h.Seed = seed;
        h.AddTask("echo", FakeHandler.Echoes());
        h.AddTask("flaky", (context, input) => context.Attempt == 1 ? throw new TimeoutException("busy") : input);
    });
}
