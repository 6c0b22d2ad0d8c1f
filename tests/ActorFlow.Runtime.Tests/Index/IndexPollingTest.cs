using System.Collections.Concurrent;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence;
using ActorFlow.TestSupport.Persistence;
using Akka.Actor;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Index;

/// <summary>An index, a clock that moves when the test says so, and a region that keeps what it is sent.</summary>
public abstract class IndexPollingTest : Akka.TestKit.Xunit2.TestKit
{
    private readonly TemporaryDirectory _directory = new();

    protected IndexPollingTest()
        : base("akka { loglevel = OFF, test.single-expect-default = 30s, test.default-timeout = 30s }")
    {
        Region = Sys.ActorOf(Props.Create(() => new Recorder(Sent)));
        Store = Disk.Open(new() { DataDirectory = _directory.Path, RetryWindow = TimeSpan.FromMilliseconds(50) });
    }

    protected FakeTimeProvider Time { get; } = new(Rows.Noon);

    private protected DiskFaults Disk { get; } = new();

    private protected IWorkflowIndex Index => Store.Index;

    private protected ConcurrentQueue<IWorkflowMessage> Sent { get; } = [];

    protected IActorRef Region { get; }

    private protected PersistenceStore Store { get; }

    protected Task Until(Func<bool> condition) =>
        AwaitConditionAsync(() => Task.FromResult(condition()), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(2));

    /// <summary>Moves the clock step by step until the condition holds.</summary>
    protected Task AdvanceUntil(TimeSpan step, Func<bool> condition) => Until(() =>
    {
        if (condition())
        {
            return true;
        }

        Time.Advance(step);
        return false;
    });

    protected override void AfterAll()
    {
        base.AfterAll();
        Store.DisposeAsync().AsTask().Wait();
        _directory.Dispose();
    }

    private sealed class Recorder(ConcurrentQueue<IWorkflowMessage> sent) : UntypedActor
    {
        protected override void OnReceive(object message) => sent.Enqueue((IWorkflowMessage)message);
    }
}
