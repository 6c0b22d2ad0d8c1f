using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Telemetry;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// One task queue: holds the attempts that runs offer, hands them to workers that ask for work, and is the one authority on who runs
/// what. It keeps nothing over a stop: runs offer again, and workers say what they hold.
/// </summary>
internal sealed class TaskQueue : StoppingActor
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);

    private readonly IActorRef _workflows;
    private readonly ActorClock _clock;
    private readonly ITimer _askTimer;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private readonly QueueIncarnation _queue;
    private readonly InitialInventory _inventory;
    private readonly Backlog _waiting;
    private readonly LeaseBook _leases;
    private readonly LeaseDispatcher _dispatcher;
    private readonly WorkerBook _workers;
    private readonly InventoryReconciliation _inventories;
    private readonly QueueReports _reports;
    private readonly LeaseNotices _leaseNotices = new();
    private readonly MissingHandlerNotices _missingHandlers;
    private readonly RecentSuccesses _successes = new();
    private readonly NodeMetrics _metrics = NodeMetrics.Of(Context.System);
    private readonly AttemptLocator _places;
    private readonly BacklogGauge _gauge;
    private (IActorRef Workflow, OfferAcknowledged Answer)? _unanswered;

    /// <summary>Creates the queue; use <see cref="Props"/>.</summary>
    public TaskQueue(string name, TaskQueueOptions options, IWorkerDirectory directory, IActorRef workflows, TimeProvider time)
    {
        _workflows = workflows;
        _clock = new(time, Context);
        _askTimer = _clock.Create(AskAgain.Instance);
        _queue = new(name, Epochs.Next(time), Self);
        _inventory = new(_queue, options, directory);
        _waiting = new(options, _inventory, time);
        _reports = new(_queue, workflows);
        _leases = new(_queue, options, _reports);
        _dispatcher = new(_queue, _waiting.Orders, _leases, _leaseNotices, _clock);
        _workers = new(Context, options, _waiting, _leases);
        _inventories = new(_queue, _waiting.Orders, _leases, _leaseNotices);
        _missingHandlers = new(_queue, _log);
        _places = new(_queue, _inventory, _waiting, _leases, _clock);
        _gauge = new(name, time);
    }

    private TimeSpan Now => _clock.Now;

    /// <summary>The queue <paramref name="name"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">How it holds and hands out.</param>
    /// <param name="directory">Who the workers are.</param>
    /// <param name="workflows">The shard region of the runs: reports and grants go through it.</param>
    /// <param name="time">The time; null means the system's.</param>
    public static Props Props(
        string name, TaskQueueOptions options, IWorkerDirectory directory, IActorRef workflows, TimeProvider? time = null) =>
        Akka.Actor.Props.Create(() => new TaskQueue(name, options, directory, workflows, time ?? TimeProvider.System));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _metrics.Observe(_gauge);
        _waiting.Age(_clock.UtcNow, Now);
        _clock.Repeat(Tick.Instance, TickInterval);
        _inventory.Begin(Now);
        AskForInventories();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _metrics.Forget(_gauge);
        _clock.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Offer offer:
                Handle(offer);
                break;
            case SlotsChanged changed:
                Handle(changed);
                break;
            case ReportAcknowledged acknowledged:
                _reports.Handle(acknowledged);
                return;
            case LocateAttempts locate:
                Sender.Tell(_places.Locate(locate), Self);
                return;
            case WorkerInventory inventory:
                Handle(inventory);
                break;
            case Withdraw withdraw:
                Handle(withdraw);
                break;
            case Terminated terminated:
                _workers.Handle(terminated, Now);
                break;
            case Tick:
                HandleTick();
                break;
            case AskAgain when !_inventory.IsDone:
                AskForInventories();
                break;
            case AskAgain:
                break;
            default:
                Unhandled(message);
                return;
        }

        HandOutWaiting();
        GrantRoom();
        _gauge.Waiting = _waiting.Orders.Count;
    }

    private void HandleTick()
    {
        _waiting.Age(_clock.UtcNow, Now);
        if (_metrics.BacklogAge.Enabled)
        {
            _gauge.SetOldest(_waiting.Orders.OldestReadyAt());
        }

        foreach (var lease in _leases.LoseOverdue(Now))
        {
            _log.Warning("Attempt {0} of {1} is overdue on worker {2}: taken for lost.", lease.Attempt, lease.WorkflowId, lease.Worker.Node);
        }

        _workers.ForgetGone(Now);
        _successes.Expire(Now);
        if (_inventory.IsDone)
        {
            _missingHandlers.Notify(_waiting.Orders, Now);
        }

        _reports.RepeatDue(Now);
    }

    // Towards the runs

    private void Handle(Offer offer)
    {
        var accepted = ImmutableArray.CreateBuilder<AttemptId>(offer.Orders.Length);
        ImmutableArray<AttemptId>.Builder? deferred = null;
        foreach (var order in offer.Orders)
        {
            if (Holds(order.Attempt, offer.Workflow) || TryEnqueue(order, offer))
            {
                accepted.Add(order.Attempt);
            }
            else
            {
                deferred ??= ImmutableArray.CreateBuilder<AttemptId>();
                deferred.Add(order.Attempt);
            }
        }

        _missingHandlers.NotifyAgain(offer.WorkflowId, offer.Workflow);
        var answer = new OfferAcknowledged(_queue.Name, _queue.Epoch, accepted.DrainToImmutable(), deferred?.DrainToImmutable() ?? []);
        if (offer.KnownEpoch == _queue.Epoch && deferred is null && _inventory.IsDone)
        {
            // What it has to say may be said by the leases that it leads to.
            _unanswered = (offer.Workflow, answer);
        }
        else
        {
            offer.Workflow.Tell(answer, Self);
        }
    }

    /// <summary>Whether the attempt waits, is leased, has just ended, or is being reported as cancelled.</summary>
    private bool Holds(AttemptId attempt, IActorRef workflow)
    {
        if (_waiting.Orders.Find(attempt) is { } waiting)
        {
            waiting.Workflow = workflow;
            return true;
        }

        if (_leases.Find(attempt) is { } lease)
        {
            // A run that has just recovered takes it for waiting otherwise, and holds others back for it.
            _leaseNotices.Track(lease.WorkflowId, workflow, attempt);
            var moved = !workflow.Equals(lease.Workflow);
            lease.Workflow = workflow;
            if (lease.Ended || moved)
            {
                // The worker reports to an actor that is gone, and hears of the new one only here.
                lease.Worker.Host.Tell(new ReportAgain(_queue.Name, _queue.Epoch, lease.Worker.Epoch, attempt, workflow), Self);
            }

            return true;
        }

        return _successes.Contains(attempt) || _reports.IsCancelled(attempt);
    }

    private bool TryEnqueue(TaskOrder order, Offer offer)
    {
        if (!_waiting.TryEnqueue(order, offer))
        {
            return false;
        }

        _reports.Forget(order.Attempt);
        return true;
    }

    private void Handle(Withdraw withdraw)
    {
        if (!_inventory.IsDone)
        {
            _inventory.Enqueue(withdraw);
            return;
        }

        foreach (var attempt in withdraw.Attempts)
        {
            if (_leases.Find(attempt) is { } lease)
            {
                lease.Workflow = withdraw.Workflow;
                _leases.Cancel(lease, revoked: false);
            }
            else if (!_reports.ReportAgain(attempt, withdraw.Workflow, Now))
            {
                // A lease of its own makes the report newer than whatever the run has heard of the attempt.
                _waiting.Orders.Remove(attempt);
                _reports.Report(new(withdraw.WorkflowId, attempt, _leases.NextId(), TaskOutcome.Cancelled.Instance), withdraw.Workflow, Now);
            }
        }
    }

    /// <summary>Tells runs that were turned away that there is room.</summary>
    private void GrantRoom()
    {
        while (_waiting.HasDeferred && _waiting.NextGrant(Now) is { } grant)
        {
            _workflows.Tell(new OfferGranted(_queue.Name, _queue.Epoch, grant.WorkflowId, grant.Count), Self);
        }
    }

    // Towards the workers

    private void Handle(WorkerInventory inventory)
    {
        var state = inventory.State;
        if (_workers.Connect(state, inventory.Host) is not { } worker || !worker.Track(state, _queue.Epoch))
        {
            return;
        }

        _waiting.SetHandlers(worker, inventory.Handlers);
        Settle(worker, state.Settled);
        if (state.QueueEpoch > _queue.Epoch)
        {
            HandleNewerQueue(state.QueueEpoch);
        }
        else if (state.QueueEpoch < _queue.Epoch)
        {
            // What it holds counts only once it obeys no older queue.
            worker.Host.Tell(new InventoryRequest(_queue.Name, _queue.Epoch), Self);
        }
        else
        {
            _inventories.Reconcile(worker, inventory.Held, Now);
            worker.Host.Tell(new InventoryAcknowledged(_queue.Name, _queue.Epoch, worker.Epoch, worker.Newest), Self);
            if (_inventory.Track(worker.Node))
            {
                HandleWithdrawals();
            }
        }
    }

    private void Handle(SlotsChanged changed)
    {
        var state = changed.State;
        if (_workers.Find(state) is not { } worker)
        {
            Sender.Tell(new InventoryRequest(_queue.Name, _queue.Epoch), Self);
        }
        else if (worker.Track(state, _queue.Epoch))
        {
            Settle(worker, state.Settled);
        }
    }

    /// <summary>The worker says that these leases are over.</summary>
    private void Settle(WorkerLink worker, ImmutableArray<SettledLease> settled)
    {
        foreach (var over in settled)
        {
            if (over.Succeeded)
            {
                // Its run knows: an offer of it that came meanwhile is an old one.
                _successes.Track(over.Attempt, Now);
                _waiting.Orders.Remove(over.Attempt);
            }
        }

        _leases.Settle(worker, settled);
    }

    private void AskForInventories()
    {
        if (_inventory.Ask(Now))
        {
            HandleWithdrawals();
        }
        else
        {
            _askTimer.Change(AskInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The inventory is complete: what was withdrawn meanwhile is looked for in it.</summary>
    private void HandleWithdrawals()
    {
        foreach (var withdraw in _inventory.TakeWithdrawals())
        {
            Handle(withdraw);
        }
    }

    /// <summary>A worker has heard of a newer queue than this one.</summary>
    private void HandleNewerQueue(long epoch)
    {
        if (_inventory.IsDone)
        {
            _log.Warning("Queue {0} stops: a newer incarnation of it is known to a worker.", _queue.Name);
            Context.Stop(Self);
            return;
        }

        // The former queue's clock was ahead. Nothing was leased yet: a newer epoch takes its place.
        _queue.Supersede(epoch);
        _inventory.Restart();
        AskForInventories();
    }

    private void HandOutWaiting()
    {
        if (!_inventory.IsDone)
        {
            return;
        }

        _dispatcher.LeaseWaiting();
        AnswerOffer();
        _leaseNotices.Notify(_queue);
        _dispatcher.Send();
    }

    /// <summary>Answers the offer that was just taken, before a worker gets any of it: a report must not come first.</summary>
    private void AnswerOffer()
    {
        if (_unanswered is var (workflow, answer) && !_leaseNotices.Covers(workflow, answer.Accepted))
        {
            workflow.Tell(answer, Self);
        }

        _unanswered = null;
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class AskAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskAgain Instance = new();
    }
}
