using ActorFlow.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Testing.Tests;

public sealed class HandlerTests
{
    private const string One = "name: one\ntasks: { task: { uses: handler, with: \"${{ input }}\" } }";

    [Theory]
    [InlineData("value", "7")]
    [InlineData("null", "null")]
    [InlineData("payload", "[1]")]
    [InlineData("task of a string", "\"s\"")]
    [InlineData("finished task", "null")]
    public async Task A_function_may_return_anything(string what, string output)
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("handler", (_, _) => what switch
        {
            "value" => 7,
            "payload" => Payload.Parse("[1]"),
            "task of a string" => Task.FromResult("s"),
            "finished task" => Task.CompletedTask,
            _ => (object?)null,
        }));

        var run = await host.StartAsync(host.Register(One));

        Assert.Equal(output, run.Tasks["task"].Output.ToString());
    }

    [Fact]
    public async Task An_asynchronous_function_without_a_result_gives_null()
    {
        var ran = false;
        await using var host = WorkflowTestHost.Create(h => h.AddTask("handler", async (context, _) =>
        {
            await context.DelayAsync(1.Seconds());
            ran = true;
        }));

        var run = await (await host.StartAsync(host.Register(One))).EndAsync();

        Assert.True(ran);
        Assert.Equal("""{"task":null}""", run.Output.ToString());
    }

    [Fact]
    public async Task What_a_function_throws_fails_the_attempt_under_its_type()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("handler", (_, _) => throw new FormatException("no number")));

        var run = await host.StartAsync(host.Register(One));

        Assert.Equal(("FormatException", "no number", "task"), (run.Error!.Type, run.Error.Message, run.Error.Task));
        Assert.Equal("1. handler for one-1 task:1, Failed (FormatException)", Assert.Single(host.Calls).ToString());
    }

    [Fact]
    public async Task Handlers_that_really_are_asynchronous_are_waited_for_and_reported_in_the_order_of_their_starts()
    {
        var first = new TaskCompletionSource();
        await using var host = WorkflowTestHost.Create(h =>
        {
            h.Patience = Eventually.Patience;
            h.AddTask("handler", async (_, input) =>
            {
                await Task.Yield();
                if (input.To<int>() == 0)
                {
                    await first.Task;
                }
                else if (input.To<int>() == 4)
                {
                    first.SetResult();
                }

                return await Task.Run(() => input);
            });
        });

        var run = await host.StartAsync(host.Register(
            "name: fan\ntasks: { each: { for-each: [0, 1, 2, 3, 4], uses: handler, with: \"${{ item }}\" } }"));

        Assert.Equal("""{"each":[0,1,2,3,4]}""", run.Output.ToString());
        Assert.Equal(
            ["each[0]", "each[1]", "each[2]", "each[3]", "each[4]"], run.Events.Where(e => e.Kind == "task-execution-completed").Select(e => e.Task));
    }

    [Fact]
    public async Task A_handler_that_hangs_in_real_time_meets_its_virtual_timeout()
    {
        await using var host = WorkflowTestHost.Create(h =>
        {
            h.Patience = 20.Milliseconds();
            h.AddTask("handler", (_, _) => new TaskCompletionSource<int>().Task);
        });

        var run = await (await host.StartAsync(host.Register(One))).EndAsync();

        Assert.Equal("TimedOut", run.Error!.Type);
        Assert.Equal(1.Hours() + 10.Seconds(), run.Took);
    }

    [Fact]
    public async Task A_handler_that_does_not_stop_when_it_is_asked_to_is_abandoned_after_its_grace()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("handler", FakeHandler.NeverReturns(ignoresCancellation: true)));
        var run = await host.StartAsync(host.Register(One));

        await run.CancelAsync();
        Assert.False(run.HasEnded);
        await run.EndAsync();

        Assert.Equal(10.Seconds(), run.Took);
        Assert.Equal(CallEnd.Abandoned, Assert.Single(host.Calls).End);
    }

    [Fact]
    public async Task A_handler_that_is_done_at_the_very_moment_of_its_timeout_is_in_time()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("handler", FakeHandler.Takes(1.Hours())));

        var run = await (await host.StartAsync(host.Register(One), 7)).EndAsync();

        Assert.Equal("""{"task":7}""", run.Output.ToString());
        Assert.Equal(1.Hours(), run.Took);
    }

    [Fact]
    public async Task Each_attempt_has_services_of_its_own_which_are_disposed_of()
    {
        await using var host = WorkflowTestHost.Create(h =>
        {
            h.Services.AddScoped<Session>();
            h.Services.AddTask<WithSession>("handler");
        });
        Session.Disposed = 0;

        var definition = host.Register(One);
        var outputs = new[] { (await host.StartAsync(definition)).Tasks["task"].Output, (await host.StartAsync(definition)).Tasks["task"].Output };

        Assert.NotEqual(outputs[0], outputs[1]);
        Assert.Equal(2, Session.Disposed);
    }

    [Fact]
    public async Task Secrets_reach_the_handler_and_nothing_else()
    {
        string? seen = null;
        await using var host = WorkflowTestHost.Create(h =>
        {
            h.AddSecret("token", "very-secret");
            h.AddTask("handler", (_, input) => seen = input.To<string[]>()![0]);
        });

        var run = await host.StartAsync(host.Register(
            "name: one\ntasks: { task: { uses: handler, with: [\"${{ secrets.token }}\"] } }"));

        Assert.Equal("very-secret", seen);
        Assert.Equal("\"***\"", run.Tasks["task"].Output.ToString());
        Assert.DoesNotContain("very-secret", host.Calls[0].Input.ToString() + string.Join(" ", run.Events.Select(e => e.Event)));
    }

    [Fact]
    public async Task A_handler_may_send_signals_but_not_move_time()
    {
        await using var host = WorkflowTestHost.Create();
        await host.ServeAsync(h => h.AddTask("handler", async (context, _) =>
        {
            await host.Run(context.WorkflowId).SignalAsync("go", 7);
            await Assert.ThrowsAsync<InvalidOperationException>(() => host.AdvanceAsync(1.Seconds()));
            return "sent";
        }));

        var run = await host.StartAsync(host.Register("name: own\ntasks: { task: { uses: handler }, go: { signal: go } }"));

        Assert.Equal("""{"task":"sent","go":7}""", run.Output.ToString());
    }

    [Fact]
    public async Task Handlers_that_come_late_take_what_waited_for_them()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register(One), 1);
        Assert.Empty(host.Calls);
        Assert.Contains("handler", Assert.Single(run.WaitingFor));

        await host.ServeAsync(h => h.AddTask("handler", FakeHandler.Echoes()));

        Assert.Equal("""{"task":1}""", run.Output.ToString());
    }

    private sealed class Session : IDisposable
    {
        public static int Disposed { get; set; }

        public Guid Id { get; } = Guid.NewGuid();

        public void Dispose() => Disposed++;
    }

    private sealed class WithSession(Session session, TimeProvider clock) : TaskHandler<object, string>
    {
        public override Task<string> RunAsync(object input, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult($"{session.Id} {clock.GetUtcNow():O}");
    }
}
