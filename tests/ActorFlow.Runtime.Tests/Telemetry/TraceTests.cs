using System.Collections.Concurrent;
using System.Diagnostics;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Telemetry;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

[Collection(TelemetryCollection.Name)]
public sealed class TraceTests : IAsyncLifetime
{
    private const string State = "congo=t61rcWkgMzE";

    private readonly PersistenceStore _store = MemoryPersistence.Open();
    private readonly TaskRecorder _tasks = new();
    private readonly ConcurrentDictionary<string, Activity?> _seen = [];

    public TraceTests() => See(_tasks);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Without_a_listener_or_a_trace_of_the_caller_nothing_is_stored_and_handlers_see_none()
    {
        Assert.False(ActorFlowTelemetry.Source.HasListeners());
        await using var host = await StartAsync("node");

        await RunAsync(host, Definitions.Linear(2), "traced-run");

        Assert.Null(await TraceOfAsync(host, "traced-run"));
        Assert.Equal(2, _seen.Count);
        Assert.All(_seen.Values, Assert.Null);
    }

    [Fact]
    public async Task The_trace_of_the_caller_reaches_handlers_though_nobody_listens()
    {
        await using var host = await StartAsync("node");
        using (var client = Client())
        {
            await RunAsync(host, Definitions.Linear(2), "traced-run");

            Assert.Equal(new TraceContext(client.Id!, State), await TraceOfAsync(host, "traced-run"));
            Assert.Equal(2, _seen.Count);
            Assert.All(_seen.Values, seen =>
            {
                Assert.Equal(client.TraceId, seen!.TraceId);
                Assert.Equal(client.SpanId, seen.ParentSpanId);
                Assert.Equal(client.ActivityTraceFlags, seen.ActivityTraceFlags);
                Assert.Equal(State, seen.TraceStateString);
            });
        }
    }

    [Fact]
    public async Task A_run_is_a_trace_and_an_attempt_a_span()
    {
        using var spans = new SpanRecorder();
        await using var host = await StartAsync("node");
        _tasks.Fail(execution => execution is { Path: "t0", Attempt: 1 }, () => new TaskFailure("Busy", "later"));
        _tasks.Fail(execution => execution is { Path: "t1" }, () => new TaskFailure("CardDeclined", "no", retryable: false));
        var definition = Definitions.Linear(2);
        using var client = Client();
        await RunAsync(
            host, definition with { Tasks = [.. definition.Tasks.Select(task => task with { Retry = new() { MaxAttempts = 2, Initial = TimeSpan.FromMilliseconds(1) } })] }, "traced-run");
        var end = await host.Engine.EndOfAsync("traced-run");

        var start = Assert.Single(spans.Of("traced-run", "actorflow.workflow.start"));
        Assert.Equal((ActivityKind.Producer, client.TraceId, client.SpanId), (start.Kind, start.TraceId, start.ParentSpanId));
        Assert.Equal("start linear-2", start.DisplayName);
        Assert.Equal(new TraceContext(start.Id!, State), await TraceOfAsync(host, "traced-run"));

        var run = Assert.Single(spans.Of("traced-run", "actorflow.workflow"));
        Assert.Equal((client.TraceId, start.SpanId, ActivityStatusCode.Error), (run.TraceId, run.ParentSpanId, run.Status));
        Assert.Equal((end.StartedAt.UtcDateTime, end.ClosedAt - end.StartedAt), (run.StartTimeUtc, run.Duration));
        Assert.Equal("failed CardDeclined linear-2 1", Tags(run, "actorflow.status", "error.type", "actorflow.definition", "actorflow.definition.version"));

        var attempts = spans.Of("traced-run", "actorflow.task.attempt");
        Assert.All(attempts, attempt => Assert.Equal(
            (ActivityKind.Consumer, client.TraceId, start.SpanId, State), (attempt.Kind, attempt.TraceId, attempt.ParentSpanId, attempt.TraceStateString)));
        Assert.Equal(
            ["t0 1 failed Busy", "t0 2 succeeded ", "t1 1 failed CardDeclined"],
            attempts.Select(attempt => Tags(attempt, "actorflow.task.path", "actorflow.attempt", "actorflow.outcome", "error.type")));
        Assert.Equal(
            [ActivityStatusCode.Error, ActivityStatusCode.Unset, ActivityStatusCode.Error], attempts.Select(attempt => attempt.Status));
        Assert.Equal("no", attempts[2].StatusDescription);
        Assert.All(attempts, attempt => Assert.Equal("task default", Tags(attempt, "actorflow.handler", "actorflow.queue")));
        Assert.All(attempts, attempt => Assert.Equal(run.GetTagItem("actorflow.run.id"), attempt.GetTagItem("actorflow.run.id")));
        Assert.Equal(3, attempts.Select(attempt => attempt.SpanId).Distinct().Count());
    }

    [Fact]
    public async Task A_start_that_is_refused_is_a_span_that_failed()
    {
        using var spans = new SpanRecorder();
        await using var host = await StartAsync("node");

        await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => host.Engine.StartAsync("traced-run", new("nothing", 1, new string('0', 64)), Payload.Null));

        var start = Assert.Single(spans.Of("traced-run", "actorflow.workflow.start"));
        Assert.Equal((ActivityStatusCode.Error, "definition-not-found"), (start.Status, start.GetTagItem("error.type")));
        Assert.Null(Activity.Current);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_goes_on_after_a_restart_belongs_to_the_same_trace(bool fromCheckpoint)
    {
        using var spans = new SpanRecorder();
        _tasks.Hold(execution => execution is { Path: "t1", Node: "before" });
        var before = await StartAsync("before");
        ActivityTraceId trace;
        using (var client = Client())
        {
            trace = client.TraceId;
            await before.Engine.StartAsync("traced-run", await before.Engine.KeepAsync(Definitions.Linear(3)), Payload.Null);
        }

        await _tasks.StartedAsync("traced-run", "t1");
        if (fromCheckpoint)
        {
            await before.Engine.TakeCheckpointAsync("traced-run", "here");
        }

        await before.StopAsync();
        await using var after = await StartAsync("after");
        await after.Engine.EndOfAsync("traced-run");

        var start = Assert.Single(spans.Of("traced-run", "actorflow.workflow.start"));
        var run = Assert.Single(spans.Of("traced-run", "actorflow.workflow"));
        var attempts = spans.Of("traced-run", "actorflow.task.attempt");
        Assert.Equal(
            ["t0 succeeded", "t1 released", "t1 succeeded", "t2 succeeded"],
            attempts.Select(attempt => Tags(attempt, "actorflow.task.path", "actorflow.outcome")));
        Assert.All(attempts.Append(run), span => Assert.Equal((trace, start.SpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Equal(trace, _seen["traced-run t1 after"]!.TraceId);
        Assert.Equal(trace, _seen["traced-run t2 after"]!.TraceId);
    }

    [Fact]
    public async Task An_attempt_on_another_node_belongs_to_the_trace_of_the_run()
    {
        await using var cluster = new TestCluster();
        See(cluster.Tasks);
        var workflows = await cluster.AddAsync(ClusterOptions.WorkflowRole);
        var worker = await cluster.AddAsync(ClusterOptions.WorkerRole);
        using var client = Client();

        await RunAsync(workflows, Definitions.Linear(1), "traced-run");

        Assert.Equal(worker.Name, Assert.Single(cluster.Tasks.Executions).Node);
        Assert.Equal((client.TraceId, client.SpanId, State), (Seen().TraceId, Seen().ParentSpanId, Seen().TraceStateString));

        Activity Seen() => _seen[$"traced-run t0 {worker.Name}"]!;
    }

    [Fact]
    public async Task A_child_belongs_to_the_trace_of_its_parent_and_a_fork_to_that_of_its_caller()
    {
        using var spans = new SpanRecorder();
        await using var host = await StartAsync("node");
        var child = await host.Engine.KeepAsync(Definitions.Linear(1));
        var parent = new WorkflowDefinition
        {
            Name = "parent",
            Tasks = [new() { Id = "kid", Kind = new TaskKind.Child("linear-1", null, Payload.Null, ParentClose.Cancel) }],
        };
        var definition = await host.Engine.KeepAsync(parent);
        ActivityTraceId trace;
        using (var client = Client())
        {
            trace = client.TraceId;
            await host.Engine.StartAsync(new WorkflowStart("traced-run", definition, Payload.Null) { Companions = [child] });
            await host.Engine.EndOfAsync("traced-run");
        }

        var start = Assert.Single(spans.Of("traced-run", "actorflow.workflow.start"));
        Assert.Equal((trace, start.SpanId), Place(Assert.Single(spans.Of("traced-run/kid", "actorflow.workflow"))));
        Assert.Equal((trace, start.SpanId), Place(Assert.Single(spans.Of("traced-run/kid", "actorflow.task.attempt"))));

        await host.Engine.ForkAsync("traced-run", "#1", "fork");
        await host.Engine.EndOfAsync("fork");

        var forked = Assert.Single(spans.Of("fork", "actorflow.workflow.start"));
        Assert.NotEqual(trace, forked.TraceId);
        Assert.Equal((forked.TraceId, forked.SpanId), Place(Assert.Single(spans.Of("fork", "actorflow.workflow"))));

        static (ActivityTraceId, ActivitySpanId) Place(Activity span) => (span.TraceId, span.ParentSpanId);
    }

    [Fact]
    public async Task A_run_without_a_trace_has_attempts_that_each_begin_one()
    {
        _tasks.Hold(execution => execution is { Path: "t0", Node: "before" });
        var before = await StartAsync("before");
        await before.Engine.StartAsync("traced-run", await before.Engine.KeepAsync(Definitions.Linear(2)), Payload.Null);
        await _tasks.StartedAsync("traced-run", "t0");
        await before.StopAsync();

        using var spans = new SpanRecorder();
        await using var after = await StartAsync("after");
        await after.Engine.EndOfAsync("traced-run");

        var run = Assert.Single(spans.Of("traced-run", "actorflow.workflow"));
        var attempts = spans.Of("traced-run", "actorflow.task.attempt");
        Assert.Equal(2, attempts.Count);
        Assert.All(attempts.Append(run), span => Assert.Equal(default, span.ParentSpanId));
        Assert.Single(attempts.Append(run).Select(span => span.GetTagItem("actorflow.run.id")).Distinct());
    }

    [Theory]
    [InlineData("congo=t61rcWkgMzE", true)]
    [InlineData("", false)]
    [InlineData("congo=\u00fc", false)]
    [InlineData("congo=a\r\nx: y", false)]
    public void A_state_that_is_no_header_value_is_not_kept(string state, bool kept)
    {
        using var activity = new Activity("client") { TraceStateString = state }.SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.Equal(new TraceContext(activity.Id!, kept ? state : null), TraceContexts.Of(activity));
        Assert.Null(TraceContexts.Of(new Activity("old") { TraceStateString = new string('x', 513) }.SetIdFormat(ActivityIdFormat.W3C).Start())?.State);
    }

    [Fact]
    public void An_activity_of_another_format_has_no_trace_to_pass_on()
    {
        using var activity = new Activity("client").SetIdFormat(ActivityIdFormat.Hierarchical).Start();

        Assert.Null(TraceContexts.Of(activity));
        Assert.Equal(default, TraceContexts.ToParent(new("nonsense", null)));
    }

    private static Activity Client() => new Activity("client") { TraceStateString = State, ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

    private static string Tags(Activity span, params string[] names) => string.Join(' ', names.Select(span.GetTagItem));

    private static async Task RunAsync(TestHost host, WorkflowDefinition definition, string id)
    {
        await host.Engine.StartAsync(id, await host.Engine.KeepAsync(definition), Payload.Null);
        await host.Engine.EndOfAsync(id);
    }

    private static async Task<TraceContext?> TraceOfAsync(TestHost host, string id) =>
        ((WorkflowEvent.Started)(await host.Engine.HistoryAsync(id)).Rows[0].Commits[0].Events[0]).Trace;

    private void See(TaskRecorder tasks) => tasks.Do(_ => true, (execution, _) =>
    {
        _seen[$"{execution.WorkflowId} {execution.Path} {execution.Node}"] = Activity.Current;
        return Task.CompletedTask;
    });

    private Task<TestHost> StartAsync(string name) => TestHost.StartAsync(name, _tasks, store: _store);
}
