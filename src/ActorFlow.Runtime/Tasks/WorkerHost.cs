using ActorFlow.Runtime.Tasks.Attempts;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// A worker node's link with the task queues: says how many slots are free and what it holds, runs what it is handed, and reports
/// each result until the run has taken note of it. Keeps nothing itself: what must survive it is in <see cref="WorkerNode"/>.
/// </summary>
public sealed partial class WorkerHost : StoppingActor
{
    private const int MostUnsaid = 32;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);

    private readonly WorkerNode _node;
    private readonly string _name;
    private readonly IActorRef _queues;
    private readonly IActorRef _workflows;
    private readonly ActorClock _clock;
    private readonly long _epoch;
    private readonly Props _taskActor;
    private readonly Dictionary<string, QueueLink> _links = [];
    private int _unacknowledged;
    private long _unacknowledgedBytes;
    private int _unsaid;
    private bool _flushing;
    private ThreadPoolStarvationGuard? _poolWatch;

    /// <summary>Creates the host; use <see cref="Props"/>.</summary>
    public WorkerHost(WorkerNode node, string name, IActorRef queues, IActorRef workflows)
    {
        _node = node;
        _name = name;
        _queues = queues;
        _workflows = workflows;
        _clock = new(node.Time, Context);
        _epoch = Epochs.Next(node.Time);
        _taskActor = Akka.Actor.Props.Create(() => new TaskActor(node, workflows)).WithDispatcher(Context.Props.Dispatcher);
    }

    private bool TakesWork =>
        !_draining
        && _unacknowledged < _node.Options.UnacknowledgedLimit
        && _unacknowledgedBytes < _node.Options.UnacknowledgedBytes;

    /// <summary>The host of a worker node. Its task actors run on its dispatcher; handlers never do.</summary>
    /// <param name="node">What the node has and holds.</param>
    /// <param name="name">The node's name in the cluster, as <see cref="IWorkerDirectory"/> gives it.</param>
    /// <param name="queues">The shard region of the task queues.</param>
    /// <param name="workflows">The shard region of the runs.</param>
    public static Props Props(WorkerNode node, string name, IActorRef queues, IActorRef workflows) =>
        Akka.Actor.Props.Create(() => new WorkerHost(node, name, queues, workflows));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        foreach (var (queue, slots) in _node.Options.Slots)
        {
            LinkTo(queue, slots);
        }

        TakeOver();
        _poolWatch = new(() => _node.Running);
        _clock.Repeat(Tick.Instance, TickInterval);
        foreach (var link in _links.Values)
        {
            SendInventory(link);
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _poolWatch?.Dispose();
        _clock.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AssignAttempts run when run.HostEpoch == _epoch:
                Take(run);
                break;
            case TaskActor.AttemptEnded ended:
                NoteEnd(ended.Attempt, ended.HandlerRuns);
                break;
            case ReportAcknowledged acknowledged:
                Acknowledge(acknowledged);
                break;
            case Flush:
                _flushing = false;
                SendDelta();
                break;
            case InventoryAcknowledged acknowledged when acknowledged.HostEpoch == _epoch:
                NoteAnswer(acknowledged);
                break;
            case InventoryRequest request:
                Answer(request);
                break;
            case CancelAttempt cancel when cancel.HostEpoch == _epoch:
                Cancel(cancel);
                break;
            case ReportAgain again when again.HostEpoch == _epoch:
                ReportAgain(again);
                break;
            case Terminated terminated:
                NoteStopped(terminated);
                break;
            case Tick:
                LookAround();
                break;
            case Drain:
                BeginDraining();
                break;
        }
    }

    /// <summary>Takes up what a former host of this node left.</summary>
    private void TakeOver()
    {
        foreach (var attempt in _node.Held.Values)
        {
            if (attempt.Report is { } report)
            {
                CountUnacknowledged(report.Report.Outcome, +1);
            }
            else if (attempt.Outcome is not null)
            {
                Report(attempt);
            }
        }

        foreach (var attempt in _node.Occupied)
        {
            var link = LinkTo(attempt.Queue, slots: 0);
            link.Busy++;
            link.Abandoned += attempt.Report is null ? 0 : 1;
            attempt.Actor = Context.ActorOf(_taskActor);
            attempt.Actor.Tell(new TaskActor.Adopt(attempt));
        }
    }

    private QueueLink LinkTo(string queue, int slots)
    {
        if (!_links.TryGetValue(queue, out var link))
        {
            _node.QueueEpochs.TryGetValue(queue, out var epoch);
            link = new(queue, slots, epoch);
            _links.Add(queue, link);
        }

        return link;
    }
}
