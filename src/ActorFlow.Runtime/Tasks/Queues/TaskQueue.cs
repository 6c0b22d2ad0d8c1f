using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// One task queue: holds the attempts that runs offer, hands them to workers that ask for work, and is the one authority on who runs
/// what. It keeps nothing over a stop: runs offer again, and workers say what they hold.
/// </summary>
public sealed partial class TaskQueue : StoppingActor
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly TaskQueueOptions _options;
    private readonly IWorkerDirectory _directory;
    private readonly IActorRef _workflows;
    private readonly ActorClock _clock;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<AttemptId, Lease> _leases = [];
    private readonly Dictionary<AttemptId, PendingReport> _reports = [];
    private long _epoch;
    private long _lastLease;

    /// <summary>Creates the queue; use <see cref="Props"/>.</summary>
    public TaskQueue(string name, TaskQueueOptions options, IWorkerDirectory directory, IActorRef workflows, TimeProvider time)
    {
        _name = name;
        _options = options;
        _directory = directory;
        _workflows = workflows;
        _clock = new(time, Context);
        _epoch = Epochs.Next(time);
        _waiting = new(options.WaitPerLevel);
        _deferred = new(options);
        _missingLog = new(name, _log);
    }

    /// <summary>The queue <paramref name="name"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">How it holds and hands out.</param>
    /// <param name="directory">Who the workers are.</param>
    /// <param name="workflows">The shard region of the runs: reports and grants go through it.</param>
    /// <param name="time">The time; none: the system's.</param>
    public static Props Props(
        string name, TaskQueueOptions options, IWorkerDirectory directory, IActorRef workflows, TimeProvider? time = null) =>
        Akka.Actor.Props.Create(() => new TaskQueue(name, options, directory, workflows, time ?? TimeProvider.System));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _waiting.Age(_clock.UtcNow);
        _clock.Repeat(Tick.Instance, TickInterval);
        BeginTakingStock();
    }

    /// <inheritdoc/>
    protected override void PostStop() => _clock.Dispose();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Offer offer:
                Admit(offer);
                break;
            case SlotsChanged changed:
                Note(changed);
                break;
            case ReportAcknowledged acknowledged:
                Acknowledge(acknowledged);
                return;
            case WorkerInventory inventory:
                Note(inventory);
                break;
            case Withdraw withdraw:
                TakeBack(withdraw);
                break;
            case Terminated terminated:
                NoteStopped(terminated);
                break;
            case Tick:
                LookAround();
                break;
            case AskAgain:
                AskForInventories();
                break;
            default:
                Unhandled(message);
                return;
        }

        HandOut();
        LetIn();
    }

    private void LookAround()
    {
        _waiting.Age(_clock.UtcNow);
        _deferred.Expire(_clock.Now);
        GiveUpOverdueLeases();
        GiveUpGoneHosts();
        _successes.Expire(_clock.Now);
        TellMissing();
        foreach (var report in _reports.Values)
        {
            report.RepeatIfDue(_workflows, Self, _clock.Now);
        }
    }

    /// <summary>Tells a run how an attempt ended that no worker will tell it of, until the run has taken note.</summary>
    private void Tell(string workflowId, AttemptId attempt, LeaseId lease, TaskOutcome outcome, IActorRef workflow)
    {
        var report = new PendingReport(new WorkflowCommand.Report(workflowId, attempt, lease, outcome));
        _reports[attempt] = report;
        report.Send(workflow, Self, _clock.Now);
    }

    private void Acknowledge(ReportAcknowledged acknowledged)
    {
        if (_reports.TryGetValue(acknowledged.Attempt, out var pending) && pending.Report.Lease == acknowledged.Lease)
        {
            _reports.Remove(acknowledged.Attempt);
        }
    }

    private LeaseId NextLease() => new(_epoch, ++_lastLease);

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class AskAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskAgain Instance = new();
    }
}
