using System.Collections.Concurrent;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>Stands for all runs and their shard region: keeps what it is sent, and acknowledges reports while told to.</summary>
internal sealed class FakeRuns
{
    private volatile bool _acknowledges = true;

    public FakeRuns(ActorSystem system) => Ref = system.ActorOf(Props.Create(() => new Actor(this)));

    public IActorRef Ref { get; }

    public bool Acknowledges
    {
        get => _acknowledges;
        set => _acknowledges = value;
    }

    public ConcurrentQueue<WorkflowCommand.Report> Reports { get; } = new();

    /// <summary>Every time an input was asked for.</summary>
    public ConcurrentQueue<WorkflowQuery.FetchInput> Fetches { get; } = new();

    /// <summary>What is answered to that; by default nothing.</summary>
    public Func<WorkflowQuery.FetchInput, IEnumerable<AttemptInput>> OnFetch { get; set; } = _ => [];

    public ConcurrentQueue<object> Others { get; } = new();

    public IEnumerable<T> Of<T>() => Others.OfType<T>();

    public WorkflowCommand.Report[] ReportsOf(AttemptId attempt) => [.. Reports.Where(report => report.Attempt == attempt)];

    public TaskOutcome? OutcomeOf(AttemptId attempt) => Reports.FirstOrDefault(report => report.Attempt == attempt)?.Outcome;

    /// <summary>Once all that was told so far has been kept, and acknowledged if at all.</summary>
    public Task CatchUpAsync() => Ref.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromMinutes(1));

    private sealed class Actor(FakeRuns runs) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is WorkflowCommand.Report report)
            {
                runs.Reports.Enqueue(report);
                if (runs.Acknowledges)
                {
                    Sender.Tell(new ReportAcknowledged(report.WorkflowId, report.Attempt, report.Lease));
                }
            }
            else if (message is WorkflowQuery.FetchInput fetch)
            {
                runs.Fetches.Enqueue(fetch);
                foreach (var answer in runs.OnFetch(fetch))
                {
                    Sender.Tell(answer);
                }
            }
            else
            {
                runs.Others.Enqueue(message);
            }
        }
    }
}

/// <summary>Worker members, as the test says.</summary>
internal sealed class FakeDirectory : IWorkerDirectory
{
    public IReadOnlyCollection<WorkerMember> Members { get; private set; } = [];

    /// <summary>Adds a member, in place of a former one of that name.</summary>
    public void Add(WorkerMember member)
    {
        Remove(member.Node);
        Members = [.. Members, member];
    }

    public void Remove(string node) => Members = [.. Members.Where(member => member.Node != node)];
}

/// <summary>Passes everything on.</summary>
internal sealed class Relay : UntypedActor
{
    private IActorRef _target = ActorRefs.Nobody;

    protected override void OnReceive(object message)
    {
        if (message is Target target)
        {
            _target = target.Ref;
        }
        else
        {
            _target.Forward(message);
        }
    }

    public sealed record Target(IActorRef Ref);
}
