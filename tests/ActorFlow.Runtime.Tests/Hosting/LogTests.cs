using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tests.Hosting;

/// <summary>What a node logs, as the host's logging gets it.</summary>
public sealed class LogTests
{
    private readonly TaskRecorder _tasks = new();
    private readonly ListLog _log = new();

    [Fact]
    public async Task A_handlers_exception_is_a_warning_with_its_stack_and_the_last_one_an_error_too()
    {
        using var host = await StartAsync();
        _tasks.Fail(execution => execution.Path == "pay", () => new InvalidOperationException("no such card"));
        var end = await RunAsync(host, Paying(maxAttempts: 3, ErrorPolicy.Fail));

        Assert.Equal(RunOutcome.Failed, end.Outcome);
        Assert.Equal([1, 2, 3], _tasks.Of("r1", "pay").Select(execution => execution.Attempt));
        var warnings = _log.Of(LogLevel.Warning, "pay");
        Assert.Equal(
            [1, 2, 3],
            warnings.Select(line => Enumerable.Range(1, 3).Single(n => line.StartsWith($"Attempt {n} of task pay of run r1 threw InvalidOperationException.", StringComparison.Ordinal))));
        Assert.All(warnings, line => Assert.Contains("no such card", line, StringComparison.Ordinal));
        Assert.All(warnings, line => Assert.Contains(" at ActorFlow.", line, StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => _log.Of(LogLevel.Error, "pay").Count == 1, "the run logs that no attempt follows");
        Assert.Equal(
            "Task pay of run r1 failed for good with attempt 3: InvalidOperationException: no such card", LastPart(_log.Of(LogLevel.Error, "pay")[0]));
    }

    [Fact]
    public async Task An_attempt_that_is_tried_again_with_success_leaves_no_error()
    {
        using var host = await StartAsync();
        _tasks.Fail(execution => execution is { Path: "pay", Attempt: 1 }, () => new TaskFailure("Busy", "try later"));
        var end = await RunAsync(host, Paying(maxAttempts: 3, ErrorPolicy.Fail));
        await host.StopAsync();

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal([1, 2], _tasks.Of("r1", "pay").Select(execution => execution.Attempt));
        Assert.Contains("try later", Assert.Single(_log.Of(LogLevel.Warning, "pay")), StringComparison.Ordinal);
        Assert.Empty(_log.Of(LogLevel.Error, "pay"));
    }

    [Fact]
    public async Task An_attempt_that_runs_too_long_is_logged_though_nothing_was_thrown()
    {
        using var host = await StartAsync();
        _tasks.Hold(execution => execution.Path == "pay");
        var end = await RunAsync(host, Paying(maxAttempts: 1, ErrorPolicy.Fail, TimeSpan.FromMilliseconds(200)));

        Assert.Equal(RunOutcome.Failed, end.Outcome);
        Assert.Single(_tasks.Of("r1", "pay"));
        Assert.StartsWith("Attempt 1 of task pay of run r1 is ended: ", Assert.Single(_log.Of(LogLevel.Warning, "pay")), StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => _log.Of(LogLevel.Error, "pay").Count == 1, "the run logs that no attempt follows");
    }

    /// <summary>Failure rule 27: what no door lets in makes a decision throw.</summary>
    [Fact]
    public async Task A_decision_that_throws_fails_its_task_once_and_is_logged_and_counted()
    {
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Name: DecisionFaultLog.CounterName, Meter.Name: DecisionFaultLog.MeterName })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Interlocked.Add(ref counted, tags[0].Value is "Report" ? value : 0));
        listener.Start();
        using var host = await StartAsync(handlers: services => services.AddTask("broken", new Broken()));
        var end = await RunAsync(host, new()
        {
            Name = "broken",
            Tasks =
            [
                new() { Id = "a", Kind = new TaskKind.Uses("broken", Payload.Null) },
                new() { Id = "b", Needs = [new("a", null)], Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.FromString("${{ tasks.a.output[1] }}")) },
            ],
        });

        Assert.Equal((RunOutcome.Failed, ErrorTypes.InternalError, "b"), (end.Outcome, end.Error?.Type, end.Error?.Task));
        Assert.Empty(_tasks.Executions);
        await Eventually.HoldsAsync(() => Faults().Count > 0, $"the run logs what was thrown; it logged {string.Join(" | ", _log.Entries.Where(entry => entry.Level == LogLevel.Error))}");
        Assert.Contains("JsonReaderException", Assert.Single(Faults()), StringComparison.Ordinal);
        Assert.Equal(1, Interlocked.Read(ref counted));

        List<string> Faults() =>
            [.. _log.Entries.Where(entry => entry.Level == LogLevel.Error && entry.Text.Contains("The run r1 could not decide on Report: its task b fails with InternalError.", StringComparison.Ordinal)).Select(entry => entry.Text)];
    }

    [Fact]
    public async Task Akka_is_silent_while_nothing_is_wrong()
    {
        using var host = await StartAsync();
        await RunAsync(host, Paying(maxAttempts: 1, ErrorPolicy.Fail));
        await host.StopAsync();

        Assert.DoesNotContain(_log.Entries, entry => entry.Category.StartsWith("Akka", StringComparison.Ordinal) && entry.Level < LogLevel.Warning);
    }

    [Fact]
    public async Task Akka_says_more_where_it_is_asked_to()
    {
        using var host = await StartAsync(options => options.Hocon = "akka.loglevel = INFO");
        await host.StopAsync();

        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Information && entry.Text.Contains("Cluster Node", StringComparison.Ordinal));
    }

    private static WorkflowDefinition Paying(int maxAttempts, ErrorPolicy onError, TimeSpan? timeout = null) => new()
    {
        Name = "paying",
        Tasks =
        [
            new()
            {
                Id = "pay",
                Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject),
                Retry = new() { MaxAttempts = maxAttempts, Initial = TimeSpan.FromMilliseconds(1) },
                OnError = onError,
                Timeout = timeout,
            },
        ],
    };

    private static string LastPart(string line) => line[line.IndexOf("Task pay", StringComparison.Ordinal)..].TrimEnd();

    private static async Task<WorkflowReply.Ended> RunAsync(IHost host, WorkflowDefinition definition)
    {
        var engine = host.Services.GetRequiredService<WorkflowEngine>();
        await engine.StartAsync("r1", await engine.KeepAsync(definition), Payload.Null);
        return await engine.EndOfAsync("r1");
    }

    private async Task<IHost> StartAsync(Action<ActorFlowOptions>? configure = null, Action<IServiceCollection>? handlers = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(_log);
        builder.Services.AddTask(TaskRecorder.HandlerName, _tasks.HandlerOn("host"));
        handlers?.Invoke(builder.Services);
        builder.Services.AddActorFlow(options =>
        {
            options.Persistence.Journal = JournalKind.Memory;
            configure?.Invoke(options);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Gives what is no JSON.</summary>
    private sealed class Broken : ITaskHandler
    {
        public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult(Payload.FromTrustedUtf8("""[1,{"a":"""u8.ToArray()));
    }

    /// <summary>Keeps every entry of every level.</summary>
    private sealed class ListLog : ILoggerProvider
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _entries = [];

        public IReadOnlyList<(LogLevel Level, string Category, string Text)> Entries => [.. _entries];

        public List<string> Of(LogLevel level, string task) =>
            [.. _entries.Where(entry => entry.Level == level && entry.Text.Contains($"ask {task} of run", StringComparison.Ordinal)).Select(entry => entry.Text)];

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(ListLog log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                log._entries.Enqueue((logLevel, category, $"{formatter(state, exception)} {exception}"));
        }
    }
}
