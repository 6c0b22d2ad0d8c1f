using ActorFlow.Testing;

namespace ActorFlow.Examples;

/// <summary>Child workflows: in the same file or registered before, alone or in a fan-out.</summary>
public sealed class ChildExamples
{
    private const string Parent = """
        name: parent
        tasks:
          kids: { for-each: "${{ input }}", workflow: kid, with: { name: "${{ item }}" } }
        output: ${{ tasks.kids.output }}
        ---
        name: kid
        input: { type: object, required: [name], properties: { name: { type: string } } }
        tasks:
          greet: { uses: greet, with: "${{ input.name }}" }
        output: ${{ tasks.greet.output }}
        """;

    [Fact]
    public async Task A_child_is_a_run_of_its_own_and_gives_its_output()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask<string>("greet", (_, name) => $"Hello, {name}!"));
        var run = await host.StartAsync(host.Register(Parent), new[] { "Ada", "Grace" }, id: "p");

        await run.EndAsync();

        Assert.Equal("""["Hello, Ada!","Hello, Grace!"]""", run.Output.ToString());
        Assert.Equal(["p/kids.0", "p/kids.1"], run.Children.Select(child => child.Id));
        Assert.Equal(WorkflowStatus.Completed, host.Run("p/kids.1").Status);
    }

    [Fact]
    public async Task A_child_that_fails_fails_the_task_that_started_it()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("greet", FakeHandler.Fails("Shy")));
        var run = await host.StartAsync(host.Register(Parent), new[] { "Ada" });

        await run.EndAsync();

        Assert.Equal(("Shy", "kids[0]/greet"), (run.Error!.Type, run.Error.Task));
    }

    [Fact]
    public async Task An_input_that_the_child_does_not_take_fails_the_task()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("greet", FakeHandler.Echoes()));
        var run = await host.StartAsync(host.Register(Parent), new[] { 7 });

        await run.EndAsync();

        Assert.Equal("InvalidInput", run.Error!.Type);
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task Cancelling_the_parent_cancels_the_children()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("greet", FakeHandler.NeverReturns()));
        var run = await host.StartAsync(host.Register(Parent), new[] { "Ada", "Grace" });

        await run.CancelAsync();

        Assert.Equal(WorkflowStatus.Cancelled, run.Status);
        Assert.All(run.Children, child => Assert.Equal(WorkflowStatus.Cancelled, child.Status));
        Assert.Equal([CallEnd.Cancelled, CallEnd.Cancelled], host.Calls.Select(call => call.End));
    }

    [Theory]
    [InlineData("cancel", WorkflowStatus.Cancelled)]
    [InlineData("terminate", WorkflowStatus.Terminated)]
    [InlineData("abandon", WorkflowStatus.Waiting)]
    public async Task Parent_close_says_what_becomes_of_a_child_when_its_parent_ends_early(string policy, WorkflowStatus expected)
    {
        await using var host = WorkflowTestHost.Create();
        host.Register("""
            name: kid
            tasks: { wait: { signal: go } }
            """);
        var run = await host.StartAsync(host.Register($$"""
            name: parent
            tasks:
              kid: { workflow: kid, parent-close: {{policy}} }
            """), id: "p");

        await run.CancelAsync();

        Assert.Equal(WorkflowStatus.Cancelled, run.Status);
        Assert.Equal(expected, host.Run("p/kid").Status);
    }

    [Fact]
    public async Task A_child_that_its_parent_left_is_retried_and_rewound_like_any_run()
    {
        var broken = true;
        await using var host = WorkflowTestHost.Create(h =>
        {
            h.AddTask("first", FakeHandler.Echoes());
            h.AddTask("second", (_, _) => broken ? throw new TaskFailure("Boom", "bang", retryable: false) : (object)"two");
        });
        var run = await host.StartAsync(host.Register("""
            name: parent
            tasks:
              part:
                on-error: continue
                tasks:
                  kid: { workflow: kid, parent-close: abandon }
                  boom: { fail: "no more", needs: [] }
              heard: { workflow: kid, on-error: continue, needs: part }
            ---
            name: kid
            tasks:
              go: { signal: go }
              first: { uses: first, needs: go, checkpoint: true }
              second: { uses: second, needs: first }
            output: ${{ tasks.second.output }}
            """), id: "p");
        var (left, heard) = (host.Run("p/part/kid"), host.Run("p/heard"));
        await left.SignalAsync("go");
        await heard.SignalAsync("go");
        await run.EndAsync();
        Assert.Equal((WorkflowStatus.Failed, WorkflowStatus.Failed), (left.Status, heard.Status));
        broken = false;

        await left.RetryAsync();
        await left.EndAsync();
        Assert.Equal(("\"two\"", 3), (left.Output.ToString(), host.Calls.Count(call => call.WorkflowId == left.Id)));
        await left.RewindAsync("first");
        await left.EndAsync();

        Assert.Equal(
            ["first", "second", "second", "second"], host.Calls.Where(call => call.WorkflowId == left.Id).Select(call => call.Task));
        Assert.Equal("consumed", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => heard.RetryAsync())).Code);
        Assert.Equal("consumed", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => heard.RewindAsync("first"))).Code);
    }

    [Fact]
    public async Task So_is_one_that_a_fork_asked_for_and_left()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("""
            name: parent
            tasks:
              kid: { workflow: kid, parent-close: abandon }
            ---
            name: kid
            tasks: { go: { signal: go } }
            """), id: "p");
        var fork = await run.ForkAsync(commit: 1, id: "f");
        await fork.CancelAsync();
        var kid = host.Run("f/kid");
        await kid.SignalAsync("go");
        Assert.Equal(WorkflowStatus.Completed, kid.Status);

        await kid.RetryAsync(from: "go");

        Assert.Equal(WorkflowStatus.Waiting, kid.Status);
    }

    [Fact]
    public async Task A_workflow_that_nobody_registered_fails_the_task()
    {
        await using var host = WorkflowTestHost.Create();

        var run = await host.StartAsync(host.Register("""
            name: parent
            tasks:
              kid: { workflow: nobody }
            """));

        Assert.Equal("WorkflowNotFound", run.Error!.Type);
    }
}
