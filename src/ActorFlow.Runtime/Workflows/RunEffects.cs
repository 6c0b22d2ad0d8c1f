using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows.Offers;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// The effects of one run: it makes happen what the state says is outstanding, after a write and after a recovery alike, and repeats
/// what gets no answer. Attempts are offered to task queues, children started and ended, the parent and the index told.
/// </summary>
internal sealed class RunEffects
{
    /// <summary>What falls due sooner is waited for in memory.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(2);

    private readonly WorkflowSession _session;
    private readonly WorkflowServices _services;
    private readonly RunTimers _timers;
    private readonly IActorRef _run;
    private readonly Action<IActorRef> _watch;
    private readonly DueTimer _due;
    private readonly ChildBook _children;
    private readonly ParentReport _parentReport;
    private readonly IndexLink _index;
    private OfferBook? _offers;
    private TimeSpan _offersAt = TimeSpan.MaxValue;
    private TimeSpan _lookAt = TimeSpan.MaxValue;

    /// <summary>Makes the effects of a run.</summary>
    /// <param name="session">The run.</param>
    /// <param name="services">What it works with.</param>
    /// <param name="timers">Its timers.</param>
    /// <param name="run">Its actor, which hands back what is addressed to this.</param>
    /// <param name="scheduler">The node's scheduler.</param>
    /// <param name="watch">Watches a task queue for the run.</param>
    public RunEffects(WorkflowSession session, WorkflowServices services, RunTimers timers, IActorRef run, IScheduler scheduler, Action<IActorRef> watch)
    {
        (_session, _services, _timers, _run, _watch) = (session, services, timers, run, watch);
        _due = new(session.WorkflowId, run, timers, services, scheduler);
        _children = new(run, services);
        _parentReport = new(session, services.Runs);
        _index = new(services.IndexWriter);
    }

    /// <summary>What attempts wait for that may never come, to be read after "waiting for".</summary>
    public IEnumerable<string> WaitingFor => _offers?.WaitingFor ?? [];

    /// <summary>Whether children that continue without the run have yet to begin.</summary>
    public bool HasUnbegunChildren => _children.HasUnbegun;

    /// <summary>Whether every child has started, and the index has the newest row.</summary>
    public bool IsSettled => _children.IsSettled && _index.IsAcknowledged;

    /// <summary>Whether nothing is owed to anybody: no child, no report to a parent, no row of the index.</summary>
    public bool OwesNothing => !_session.OwesReport && _children.IsEmpty && _index.IsAcknowledged;

    private DateTimeOffset Now => _services.Clock.GetUtcNow();

    private TimeSpan Uptime => _services.Clock.GetElapsedTime(0);

    /// <summary>Whether nothing happens in the run for a while unless it gets a message (failure rule 14).</summary>
    public bool IsParkable(WorkflowState.Open open) =>
        open.IsWaiting && (open.NextDue is not { } due || due - Now > LongWait) && _offers is null or { IsEmpty: true };

    /// <summary>Reconciles everything with the state of an open run.</summary>
    /// <param name="open">The state.</param>
    /// <param name="sequence">The number of the journal row that left it so.</param>
    public void Reconcile(WorkflowState.Open open, long sequence)
    {
        if (_offers is not null || open.Outstanding.Any())
        {
            _offers ??= new(_session.WorkflowId, _session.Plan!.Definition.Name, _run, _services.Queues, _watch);
            _offers.Reconcile(open, Uptime);
        }

        foreach (var execution in open.Touched)
        {
            _children.Reconcile(execution, open.ChildFor(execution), Uptime);
        }

        BeginOutliving();
        ArmLook();
        _session.NoteSeen();
        ArmOffers();
        if (open.HasMore)
        {
            _run.Tell(new WorkflowCommand.Continue(_session.WorkflowId), _run);
        }
        else
        {
            _due.Set(open.NextDue);
        }

        SendRow(sequence);
    }

    /// <summary>Ends everything that only an open run needs, and sees to the children that the run leaves.</summary>
    /// <param name="closed">How the run ended.</param>
    /// <param name="sequence">The number of the journal row that ended it.</param>
    public void End(WorkflowState.Closed closed, long sequence)
    {
        Stop();
        (_lookAt, _offersAt) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        _offers?.End(atOnce: closed.Outcome == RunOutcome.Terminated);
        _offers = null;
        TakeUp(closed, sequence);
    }

    /// <summary>Takes up a run that has ended before a recovery.</summary>
    public void TakeUp(WorkflowState.Closed closed, long sequence)
    {
        _children.Clear();
        foreach (var child in closed.LeftChildren)
        {
            _children.Reconcile(child.Attempt.Execution, child, Uptime);
        }

        BeginOutliving();
        SendRow(sequence);
    }

    /// <summary>Sends the row of the index if it has changed.</summary>
    /// <param name="sequence">The number of the journal's last row.</param>
    public void TellIndex(long sequence) => SendRow(sequence);

    /// <summary>No timer fires any more.</summary>
    public void Stop()
    {
        _timers.CancelAll();
        _due.Cancel();
    }

    /// <summary>A command was taken, whether it had to be recorded or not.</summary>
    public void Follow(WorkflowCommand command)
    {
        switch (command)
        {
            case WorkflowCommand.Tick when _session.State is WorkflowState.Open open:
                _due.Set(open.NextDue);
                break;
            case WorkflowCommand.ResolveChild resolved:
                _children.OnResolved(resolved, Uptime);
                break;
            case WorkflowCommand.ChildRefused refused:
                // This also covers a child that a run that has ended wanted to end: no child of that name is its own.
                _children.OnEnded(refused.Attempt);
                break;
            case WorkflowCommand.ChildEnded ended:
                _children.OnEnded(ended.Attempt);
                break;
            default:
                break;
        }
    }

    /// <summary>A task queue has answered, stopped, or not answered in time.</summary>
    /// <param name="message">What came.</param>
    /// <param name="sender">The queue.</param>
    public void OnQueue(object message, IActorRef sender)
    {
        switch (message)
        {
            case Terminated or RepeatOffers when _services.IsLeaving():
                return;
            case OfferAcknowledged answer:
                _offers?.On(answer, sender, Uptime);
                break;
            case AttemptsLeased leased:
                _offers?.On(leased, Uptime);
                break;
            case OfferGranted granted:
                _offers?.On(granted, Uptime);
                break;
            case HandlersMissing missing:
                _offers?.On(missing);
                break;
            case Terminated terminated:
                _offers?.OnTerminated(terminated.ActorRef, Uptime);
                break;
            default:
                _offersAt = TimeSpan.MaxValue;
                _offers?.Repeat(Uptime);
                break;
        }

        ArmOffers();
    }

    /// <summary>A child has taken what it was told.</summary>
    public void OnChildAccepted(string childId) => _children.OnAccepted(childId, Uptime);

    /// <summary>A child has refused to start.</summary>
    /// <returns>What the run is told of it; null means that the start is tried again.</returns>
    public WorkflowCommand.ChildRefused? OnChildRefused(WorkflowReply.Refused refused) => _children.OnRefused(refused, _session.WorkflowId);

    /// <summary>The index has a row.</summary>
    public void On(IndexRowWritten written)
    {
        _index.On(written);
        if (_lookAt < TimeSpan.MaxValue && OwesNothing)
        {
            // No answer is missing: a run that waits needs no second timer.
            _lookAt = TimeSpan.MaxValue;
            _timers.Cancel(RunTimer.Others);
        }
    }

    /// <summary>The report to the parent is sent again at once.</summary>
    public void ReportAgain() => _parentReport.Reset();

    /// <summary>Repeats messages until they are answered: to children, to the parent, to the index.</summary>
    public void Repeat()
    {
        _lookAt = TimeSpan.MaxValue;
        if (_services.IsLeaving())
        {
            return;
        }

        _children.Repeat(Uptime);
        _index.Repeat(_run, Uptime);
        _parentReport.Repeat(Uptime);
        ArmLook();
    }

    private void BeginOutliving()
    {
        foreach (var child in _session.TakeOutliving())
        {
            _children.Begin(child, Uptime);
        }
    }

    /// <summary>Sends the row of the index if it has changed.</summary>
    private void SendRow(long sequence)
    {
        switch (_session.State)
        {
            // This runs twice after every write: a row is only made if it has changed.
            case WorkflowState.Open open
                when IsParkable(open) is var parkable && !_index.Says(open.RunId, IndexedRun.StatusOf(open, parkable), parkable ? open.NextDue : null):
                _index.Send(IndexedRun.RowOf(_session.WorkflowId, open, sequence, parkable), _run, Uptime);
                ArmLook();
                break;
            case WorkflowState.Closed closed when !_index.Says(closed.RunId, closed.Outcome.ToStatus(), null):
                _index.Send(IndexedRun.RowOf(_session.WorkflowId, closed, sequence), _run, Uptime);
                ArmLook();
                break;
            default:
                break;
        }
    }

    /// <summary>Sets the timer of offers. It is only moved to an earlier time, so that a busy run does not set it at every step.</summary>
    private void ArmOffers()
    {
        if (_offers is { IsEmpty: false, RepeatAt: var at } && at < _offersAt)
        {
            _offersAt = at;
            _timers.Set(RunTimer.Offers, RepeatOffers.Instance, at - Uptime);
        }
    }

    private void ArmLook()
    {
        var at = _children.RepeatAt;
        at = _index.RepeatAt < at ? _index.RepeatAt : at;
        at = _parentReport.RepeatAt < at ? _parentReport.RepeatAt : at;
        if (at < _lookAt)
        {
            _lookAt = at;
            _timers.Set(RunTimer.Others, RepeatOthers.Instance, at - Uptime);
        }
    }
}

/// <summary>Offers without an answer are sent again.</summary>
internal sealed record RepeatOffers : INoSerializationVerificationNeeded
{
    public static readonly RepeatOffers Instance = new();
}

/// <summary>What children, the parent and the index have not answered is sent again.</summary>
internal sealed record RepeatOthers : INoSerializationVerificationNeeded
{
    public static readonly RepeatOthers Instance = new();
}
