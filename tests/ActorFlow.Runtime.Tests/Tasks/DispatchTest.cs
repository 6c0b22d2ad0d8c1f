using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>A queue, workers and runs in one process, with a clock that moves when the test says so.</summary>
public abstract class DispatchTest : TestKit
{
    protected const string Queue = "default";

    protected static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private protected DispatchTest()
        : base("akka { loglevel = WARNING, test.single-expect-default = 60s, test.default-timeout = 60s }")
    {
        Runs = new(Sys);
        Queues = Sys.ActorOf(Props.Create(() => new Relay()));
    }

    protected FakeTimeProvider Time { get; } = new(Noon);

    /// <summary>The runs: every report is kept and acknowledged.</summary>
    private protected FakeRuns Runs { get; }

    private protected FakeDirectory Directory { get; } = new();

    protected TaskQueueOptions QueueOptions { get; set; } = new();

    protected WorkerOptions WorkerOptions { get; set; } = SlotsOf(4);

    protected static WorkerOptions SlotsOf(int slots) => new() { Slots = new Dictionary<string, int> { [Queue] = slots } };

    /// <summary>Stands for the shard region of the queues: passes on to the queue that was started last.</summary>
    protected IActorRef Queues { get; }

    protected IActorRef StartQueue()
    {
        var queue = Sys.ActorOf(TaskQueue.Props(Queue, QueueOptions, Directory, Runs.Ref, Time));
        Queues.Tell(new Relay.Target(queue));
        return queue;
    }

    /// <summary>A worker; a queue that is started later asks it what it runs.</summary>
    private protected IActorRef StartWorker(WorkerNode node, string name = "w1")
    {
        var host = Sys.ActorOf(WorkerHost.Props(node, name, Queues, Runs.Ref));
        Directory.Add(new(name, host));
        return host;
    }

    private protected WorkerNode Node(params (string Name, ITaskHandler Handler)[] handlers) => Node(null, null, null, handlers);

    private protected WorkerNode Node(ITaskObserver? observer, ISecretSource? secrets, params (string Name, ITaskHandler Handler)[] handlers) =>
        Node(observer, secrets, null, handlers);

    private protected WorkerNode Node(
        ITaskObserver? observer, ISecretSource? secrets, ILoggerFactory? loggers, params (string Name, ITaskHandler Handler)[] handlers)
    {
        var services = new ServiceCollection();
        foreach (var (name, handler) in handlers)
        {
            services.AddTask(name, handler);
        }

        return Node(services, observer, secrets, loggers);
    }

    private protected WorkerNode Node(
        IServiceCollection services, ITaskObserver? observer = null, ISecretSource? secrets = null, ILoggerFactory? loggers = null)
    {
        var provider = services.BuildServiceProvider();
        return new(
            WorkerOptions,
            provider.GetServices<TaskRegistration>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            secrets ?? new EnvironmentSecrets(),
            observer ?? new NoTaskObserver(),
            Time,
            loggers ?? NullLoggerFactory.Instance);
    }

    private protected static AttemptId Attempt(int n, int number = 1) => new(new Guid(n, 0, 0, new byte[8]), 0, new TaskExecutionId(0, n, 0, 0), number);

    private protected TaskOrder Order(
        int n,
        string handler = "echo",
        int priority = 5,
        Payload? input = null,
        TimeSpan? timeout = null,
        TimeSpan? heartbeat = null,
        DateTimeOffset? readyAt = null) =>
        new(
            Attempt(n),
            $"t{n}",
            handler,
            Queue,
            priority,
            input ?? Payload.From(n),
            [],
            timeout ?? TimeSpan.FromHours(1),
            heartbeat,
            readyAt ?? Time.GetUtcNow(),
            null);

    private protected Offer OfferOf(string workflowId, string fairnessKey, params TaskOrder[] orders) =>
        new(Queue, workflowId, fairnessKey, [.. orders], Runs.Ref);

    private protected Offer OfferOf(params TaskOrder[] orders) => OfferOf("wf", "key", orders);

    protected Task Until(Func<bool> condition) => AwaitConditionAsync(() => Task.FromResult(condition()), Patience, TimeSpan.FromMilliseconds(2));

    /// <summary>Moves the clock in steps, so that whoever looks around every so often does, until the condition holds.</summary>
    protected Task AdvanceUntil(Func<bool> condition, TimeSpan? step = null) =>
        AwaitConditionAsync(
            () =>
            {
                if (condition())
                {
                    return Task.FromResult(true);
                }

                Time.Advance(step ?? TimeSpan.FromMilliseconds(250));
                return Task.FromResult(false);
            },
            Patience,
            TimeSpan.FromMilliseconds(2));
}
