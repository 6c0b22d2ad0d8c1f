using ActorFlow.Testing;

namespace ActorFlow.Examples;

/// <summary>Steering a run: pause, cancel, compensation, retry, checkpoints and going back to them.</summary>
public sealed class ControlExamples
{
    private const string Trip = """
        name: trip
        on-failure: compensate
        tasks:
          hotel: { uses: book, with: hotel, compensate: { uses: unbook, with: "${{ tasks.hotel.output }}" } }
          flight: { needs: [hotel], uses: book, with: flight, compensate: { uses: unbook, with: "${{ tasks.flight.output }}" } }
          pay: { needs: [flight], uses: pay }
        """;

    private const string Steps = """
        name: steps
        tasks:
          one: { uses: step, with: 1, checkpoint: true }
          go: { needs: [one], signal: go }
          two: { needs: [go], uses: step, with: "${{ tasks.go.output }}" }
          three: { needs: [two], uses: step, with: "${{ input.three ?? 3 }}" }
        output: ${{ [tasks.one.output, tasks.two.output, tasks.three.output] }}
        """;

    [Fact]
    public async Task Compensate_undoes_what_was_done_in_reverse_order()
    {
        await using var host = Host();
        host.FailNext("pay", "CardDeclined");

        var run = await (await host.StartAsync(host.Register(Trip))).EndAsync();

        Assert.Equal((WorkflowStatus.Failed, "CardDeclined"), (run.Status, run.Error!.Type));
        Assert.Equal(["\"flight\"", "\"hotel\""], host.CallsOf("unbook").Select(call => call.Input.ToString()));
    }

    [Fact]
    public async Task Cancel_stops_what_runs_and_then_compensates()
    {
        await using var host = Host();
        await host.ServeAsync(h => h.AddTask("pay", FakeHandler.NeverReturns()));
        var run = await host.StartAsync(host.Register(Trip));

        await run.CancelAsync("The customer changed her mind.");

        Assert.Equal((WorkflowStatus.Cancelled, "The customer changed her mind."), (run.Status, run.Reason));
        Assert.Equal(CallEnd.Cancelled, Assert.Single(host.CallsOf("pay")).End);
        Assert.Equal(2, host.CallsOf("unbook").Count);
    }

    [Fact]
    public async Task Terminate_ends_at_once_and_undoes_nothing()
    {
        await using var host = Host();
        await host.ServeAsync(h => h.AddTask("pay", FakeHandler.NeverReturns()));
        var run = await host.StartAsync(host.Register(Trip));

        await run.TerminateAsync();

        Assert.Equal(WorkflowStatus.Terminated, run.Status);
        Assert.Empty(host.CallsOf("unbook"));
    }

    [Fact]
    public async Task Pause_starts_nothing_new_until_it_is_resumed()
    {
        await using var host = Host();
        var run = await host.StartAsync(host.Register(Steps));
        await run.PauseAsync();
        await run.SignalAsync("go", 2);
        await host.AdvanceAsync(5.Days());
        Assert.Equal((WorkflowStatus.Paused, 1), (run.Status, host.CallsOf("step").Count));

        await run.ResumeAsync();

        Assert.Equal("[1,2,3]", run.Output.ToString());
        Assert.Equal("not-paused", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(async () => await (await Waiting(host)).ResumeAsync())).Code);
    }

    [Fact]
    public async Task Retry_goes_on_from_the_task_that_failed()
    {
        await using var host = Host();
        var run = await host.StartAsync(host.Register(Steps));
        host.FailNext("step", "Broken");
        await run.SignalAsync("go", 2);
        Assert.Equal((WorkflowStatus.Failed, "two"), (run.Status, run.Error!.Task));

        await run.RetryAsync();

        Assert.Equal("[1,2,3]", run.Output.ToString());
        Assert.Equal(["one", "two", "two", "three"], host.CallsOf("step").Select(call => call.Task));
    }

    [Fact]
    public async Task Retry_from_a_task_runs_it_and_all_that_follows_again()
    {
        await using var host = Host();
        var run = await host.StartAsync(host.Register(Steps));
        await run.SignalAsync("go", 2);

        await run.RetryAsync(from: "two");

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal(["one", "two", "three", "two", "three"], host.CallsOf("step").Select(call => call.Task));
        Assert.Equal(2, host.CallsOf("step").Where(call => call.Task == "two").Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Rewind_takes_the_run_back_to_a_checkpoint()
    {
        await using var host = Host();
        var run = await host.StartAsync(host.Register(Steps));
        Assert.Equal("one", Assert.Single(run.Checkpoints).Names.Single());
        await run.SignalAsync("go", 2);
        Assert.Equal("[1,2,3]", run.Output.ToString());

        await run.RewindAsync("one");
        Assert.Equal(WorkflowStatus.Waiting, run.Status);
        await run.SignalAsync("go", 20);

        Assert.Equal("[1,20,3]", run.Output.ToString());
        Assert.Equal(["one", "two", "three", "two", "three"], host.CallsOf("step").Select(call => call.Task));
    }

    [Fact]
    public async Task Fork_starts_another_run_from_a_checkpoint()
    {
        await using var host = Host();
        var run = await Waiting(host);
        await run.CheckpointAsync("before two");

        var other = await run.ForkAsync("before two", new { three = 30 }, id: "what-if");
        await other.SignalAsync("go", 2);

        Assert.Equal("[1,2,30]", other.Output.ToString());
        Assert.Equal(WorkflowStatus.Waiting, run.Status);
        Assert.Equal(["one"], host.CallsOf("step").Where(call => call.WorkflowId == run.Id).Select(call => call.Task));
        Assert.Equal(["two", "three"], host.CallsOf("step").Where(call => call.WorkflowId == "what-if").Select(call => call.Task));
    }

    [Fact]
    public async Task The_newest_checkpoints_are_kept_and_all_named_ones()
    {
        await using var host = Host();
        var run = await host.StartAsync(host.Register("""
            name: counting
            checkpoint: { every: 5, keep: 2 }
            tasks:
              start: { uses: step, with: 0, checkpoint: true }
              count: { needs: [start], uses: step, with: 1, repeat: { while: "${{ iteration < 50 }}" } }
              wait: { needs: [count], signal: go }
            """));

        Assert.Equal(3, run.Checkpoints.Count);
        Assert.Equal(["start"], run.Checkpoints[0].Names);
        Assert.InRange(run.Checkpoints[2].Sequence, run.History[^1].Token.Row - 5, run.History[^1].Token.Row);
    }

    private static async Task<TestRun> Waiting(WorkflowTestHost host) => await host.StartAsync(host.Register(Steps));

    private static WorkflowTestHost Host() => WorkflowTestHost.Create(h =>
    {
        h.AddTask("step", FakeHandler.Echoes());
        h.AddTask("book", FakeHandler.Echoes());
        h.AddTask("unbook", FakeHandler.Echoes());
        h.AddTask("pay", FakeHandler.Returns("paid"));
    });
}
