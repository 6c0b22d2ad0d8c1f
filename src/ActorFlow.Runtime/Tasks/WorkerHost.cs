using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// A worker node's link with the task queues: says how many slots are free and what it holds, runs what it is handed, and reports
/// each result until the run has taken note of it. Keeps nothing itself: what must survive it is in <see cref="WorkerNode"/>.
/// </summary>
internal sealed class WorkerHost : StoppingActor
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AcknowledgementWait = TimeSpan.FromSeconds(5);

    private readonly WorkerNode _node;
    private readonly HostIncarnation _host;
    private readonly ActorClock _clock;
    private readonly Props _taskActor;
    private readonly QueueLinks _links;
    private readonly HeldAttempts _attempts;
    private ThreadPoolStarvationGuard? _poolWatch;
    private TimeSpan? _drainDue;

    /// <summary>Creates the host; use <see cref="Props"/>.</summary>
    public WorkerHost(WorkerNode node, string name, IActorRef queues, IActorRef workflows)
    {
        _node = node;
        _host = new(name, Epochs.Next(node.Time), Self);
        _clock = new(node.Time, Context);
        _links = new(_host, node, queues, Context, _clock, () => TakesWork);
        _attempts = new(_host, node, _links, workflows, _clock);
        _taskActor = Akka.Actor.Props.Create(() => new TaskActor(node, workflows)).WithDispatcher(Context.Props.Dispatcher);
    }

    private bool TakesWork => _drainDue is null && _attempts.HasRoom;

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
            _links.LinkTo(queue, slots);
        }

        TakeOver();
        _poolWatch = new(() => _node.Running);
        _clock.Repeat(Tick.Instance, TickInterval);
        _links.SendInventories();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _links.Stop();
        _poolWatch?.Dispose();
        _clock.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AssignAttempts assigned when assigned.HostEpoch == _host.Epoch:
                Handle(assigned);
                break;
            case TaskActor.AttemptEnded ended:
                Handle(ended);
                break;
            case ReportAcknowledged acknowledged:
                Handle(acknowledged);
                break;
            case FlushChanges:
                _links.HandleFlush();
                break;
            case InventoryAcknowledged acknowledged when acknowledged.HostEpoch == _host.Epoch:
                _links.Handle(acknowledged);
                break;
            case InventoryRequest request:
                _links.Handle(request);
                break;
            case CancelAttempt cancel when cancel.HostEpoch == _host.Epoch:
                Handle(cancel);
                break;
            case ReportAgain again when again.HostEpoch == _host.Epoch:
                Handle(again);
                break;
            case Terminated terminated:
                _links.Handle(terminated);
                break;
            case Tick:
                HandleTick();
                break;
            case Drain:
                HandleDrain();
                break;
        }
    }

    /// <summary>Takes up what a former host of this node left.</summary>
    private void TakeOver()
    {
        _attempts.TakeOver();
        foreach (var attempt in _node.Occupied)
        {
            var link = _links.LinkTo(attempt.Queue);
            link.Busy++;
            link.Abandoned += attempt.Report is null ? 0 : 1;
            attempt.Actor = Context.ActorOf(_taskActor);
            attempt.Actor.Tell(new TaskActor.Adopt(attempt));
        }
    }

    private void HandleTick()
    {
        _attempts.RepeatDue();
        _links.SendDueInventories();
        StopIfDrained();
    }

    // Attempts

    private void Handle(AssignAttempts assigned)
    {
        if (_links.Connect(assigned.Queue, assigned.QueueEpoch) is not { } link)
        {
            return;
        }

        foreach (var assignment in assigned.Assignments)
        {
            // An old number is a repeat, or came too late: the queue has been told that it is not here.
            if (link.Track(assignment.Lease.Number))
            {
                Handle(assignment, link);
            }
        }
    }

    private void Handle(Assignment assignment, QueueLink link)
    {
        if (_attempts.Find(assignment.Order.Attempt) is { } held)
        {
            if (held.Outcome is null or TaskOutcome.Succeeded)
            {
                // A former lease holds; the queue hears of it now.
                if (held.Report is not null)
                {
                    held.Workflow = assignment.Workflow;
                    _attempts.ReportAgain(held);
                }

                _links.SendInventory(link);
                return;
            }

            // Offered again, the attempt is beyond what was reported of it.
            _attempts.Forget(held);
        }

        var attempt = new RunningAttempt(link.Name, assignment, _node);
        _attempts.Track(attempt);
        if (TakesWork && link.Busy < link.Slots)
        {
            Begin(attempt, link);
        }
        else
        {
            attempt.Outcome = TaskOutcome.Released.Instance;
            _attempts.Report(attempt);
        }
    }

    private void Begin(RunningAttempt attempt, QueueLink link)
    {
        _node.Occupy(attempt);
        _poolWatch?.Begin();
        link.Busy++;
        attempt.Actor = link.Idle.TryPop(out var idle) ? idle : Context.ActorOf(_taskActor);
        attempt.Actor.Tell(new TaskActor.Begin(attempt));
    }

    private void Handle(TaskActor.AttemptEnded ended)
    {
        var (attempt, handlerRuns) = (ended.Attempt, ended.HandlerRuns);
        var link = _links.LinkTo(attempt.Queue);
        var wasAbandoned = attempt.Report is not null;
        if (!wasAbandoned)
        {
            _attempts.Report(attempt);
        }

        if (handlerRuns || wasAbandoned)
        {
            link.Abandoned += handlerRuns ? 1 : -1;
            _links.ReportHealth();
        }

        if (!handlerRuns)
        {
            _node.Vacate(attempt);
            link.Busy--;
            link.Idle.Push(Sender);
        }

        link.Changed = true;
        _links.SendChangesSoon();
    }

    private void Handle(ReportAcknowledged acknowledged)
    {
        if (_attempts.Handle(acknowledged))
        {
            _links.SendChangesSoon();
            StopIfDrained();
        }
    }

    private void Handle(CancelAttempt cancel)
    {
        if (_links.Connect(cancel.Queue, cancel.QueueEpoch) is null
            || _attempts.Find(cancel.Attempt) is not { } attempt
            || attempt.Assignment.Lease != cancel.Lease)
        {
            return;
        }

        if (attempt.Report is not null)
        {
            _attempts.ReportAgain(attempt);
        }
        else
        {
            attempt.Actor.Tell(new TaskActor.Stop(attempt, cancel.Revoked ? StopReason.GivenBack : StopReason.Withdrawn));
        }
    }

    private void Handle(ReportAgain again)
    {
        if (_links.Connect(again.Queue, again.QueueEpoch) is not null && _attempts.Find(again.Attempt) is { } attempt)
        {
            attempt.Workflow = again.Workflow;
            _attempts.ReportAgain(attempt);
        }
    }

    // The end

    private void HandleDrain()
    {
        if (_drainDue is not null)
        {
            return;
        }

        _drainDue = _clock.Now + _node.Options.Grace + AcknowledgementWait;
        _links.SendInventories();
        foreach (var attempt in _node.Occupied)
        {
            attempt.Actor.Tell(new TaskActor.Stop(attempt, StopReason.GivenBack));
        }

        StopIfDrained();
    }

    private void StopIfDrained()
    {
        if (_drainDue is { } due && (_attempts.IsEmpty || _clock.Now >= due))
        {
            _links.SendChanges();
            Context.Stop(Self);
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
