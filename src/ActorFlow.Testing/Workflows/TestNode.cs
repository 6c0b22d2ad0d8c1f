using System.Collections.Concurrent;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>
/// A node without actors: it takes commands one after another, writes their commits, and carries out the effects of its runs'
/// states. It runs on the caller's thread; handlers may send mail from any thread.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    private const int StepsAtMost = 1_000_000;

    private readonly ConcurrentQueue<Mail> _mail = new();
    private readonly Dictionary<string, LiveRun> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Random _random;
    private readonly TestWorker _worker;

    // Starts of children that were refused for now: repeated once the run with the id has ended.
    private readonly List<(string Parent, ChildOrder Child)> _refusedStarts = [];

    private int _steps;

    public TestNode(WorkflowTestSetup setup)
    {
        _random = new(setup.Seed);
        Clock = new(setup.StartTime);
        Handlers = new(setup, Clock);
        _worker = new(setup, Handlers, Clock, Faults, Send, _changed, Signal);
    }

    public VirtualClock Clock { get; }

    public TestStore Store { get; } = new();

    public HandlerCatalog Handlers { get; }

    public PlannedFaults Faults { get; } = new();

    /// <summary>Every call of a handler, in the order of their starts.</summary>
    public List<HandlerCall> Calls => _worker.Calls;

    /// <summary>Attempts that no worker can take: their handler is not offered.</summary>
    public IEnumerable<TestAttempt> Unserved => _worker.Unserved;

    /// <summary>Attempts whose handlers run.</summary>
    public IEnumerable<TestAttempt> Running => _worker.Running;

    /// <summary>How often the node has crashed.</summary>
    public int Crashes { get; private set; }

    /// <summary>How many commits were written, by all runs.</summary>
    public int Commits { get; private set; }

    private DateTimeOffset Now => Clock.GetUtcNow();

    public Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new(bytes);
    }

    /// <summary>The run in memory; null means that there is no such run.</summary>
    public LiveRun? Find(string id) => _runs.GetValueOrDefault(id);

    public IEnumerable<LiveRun> Runs => Store.Journals.Select(journal => Find(journal.Id)).OfType<LiveRun>();

    /// <summary>The worker offers more handlers than before.</summary>
    public void Serve(HandlerSet more) => _worker.Serve(more);

    public void Send(Mail mail)
    {
        _mail.Enqueue(mail);
        Signal();
    }

    /// <summary>Does everything that can be done at this moment.</summary>
    public async Task SettleAsync()
    {
        while (true)
        {
            if (++_steps > StepsAtMost)
            {
                throw new InvalidOperationException($"The runs took more than {StepsAtMost:n0} steps in one call: does one loop for ever?");
            }

            if (_mail.TryDequeue(out var mail))
            {
                Deliver(mail);
            }
            else if (_worker.TakeOffer() is { } offered)
            {
                _worker.Begin(offered);
            }
            else if (_worker.IsWorking)
            {
                await _worker.WaitForHandlersAsync(() => !_mail.IsEmpty).ConfigureAwait(false);
            }
            else if (_worker.Ended is { } ended)
            {
                _worker.Report(ended);
            }
            else if (_mail.IsEmpty)
            {
                return;
            }
        }
    }

    public void CountStepsAnew() => _steps = 0;

    public async ValueTask DisposeAsync()
    {
        _worker.LoseAll();
        await Handlers.DisposeAsync().ConfigureAwait(false);
        _changed.Dispose();
    }

    private void Signal()
    {
        try
        {
            _changed.Release();
        }
        catch (ObjectDisposedException)
        {
            // No run waits for this handler any more.
        }
    }

    private void Deliver(Mail mail)
    {
        switch (mail)
        {
            case Mail.ToNode node:
                node.Do();
                break;
            case Mail.ToRun run:
                Deliver(run);
                break;
        }
    }

    private void Deliver(Mail.ToRun mail)
    {
        var run = mail.Command is WorkflowCommand.Start start ? FindOrOpen(start) : Find(mail.Command.WorkflowId);
        var session = run?.Session ?? new(mail.Command.WorkflowId);
        var before = session.State;
        var step = session.Handle(mail.Command, Now, _random.NextDouble);
        if (step.Decision is Decision.Accepted accepted)
        {
            if (before is WorkflowState.NotStarted)
            {
                run = new(session, Store.Open(session.WorkflowId));
                _runs[run.Id] = run;
            }

            run!.Write(before!, accepted.Commit);
            if (Faults.CrashAt(++Commits))
            {
                Crash();
                mail.Lost?.Invoke();
                return;
            }

            ReconcileEffects(run);
        }
        else if (step.ReportsAgain)
        {
            TellParent(session);
        }

        if (step.FollowUp is { } followUp)
        {
            Send(new Mail.ToRun(followUp));
        }

        mail.Then?.Invoke(step.Decision);
    }

    /// <summary>Finds the run with the id of a start, or opens a new one; a child that its parent starts again gets a new one.</summary>
    private LiveRun FindOrOpen(WorkflowCommand.Start start) =>
        Find(start.WorkflowId) is { } run && !run.Session.Begins(start) ? run : NotStarted(start);

    private LiveRun NotStarted(WorkflowCommand.Start start)
    {
        var session = new WorkflowSession(start.WorkflowId);
        session.Prepare(Store.PlanOf(start.Definition));
        return new(session, new(start.WorkflowId));
    }

    // Effects: carries out what the state says is outstanding, after a write and after a recovery alike

    private void ReconcileEffects(LiveRun run)
    {
        switch (run.State)
        {
            case WorkflowState.Open open:
                ReconcileEffects(run, open, open.Touched);
                break;
            case WorkflowState.Closed closed:
                End(run, closed);
                break;
            default:
                break;
        }

        BeginOutliving(run);
    }

    private void ReconcileEffects(LiveRun run, WorkflowState.Open open, IEnumerable<TaskExecutionId> executions)
    {
        var orders = new List<TaskOrder>();
        foreach (var execution in executions.OrderBy(execution => execution.Scope).ThenBy(execution => execution.Task).ThenBy(execution => execution.Element).ToList())
        {
            if (open.OrderFor(execution) is { } order)
            {
                orders.Add(order);
            }
            else if (open.WithdrawnFor(execution) is { } withdrawn)
            {
                _worker.Withdraw(run.Id, withdrawn.Attempt);
            }
            else
            {
                _worker.Forget(run.Id, execution);
            }

            if (open.ChildFor(execution) is { } child)
            {
                Reconcile(run, child);
            }
        }

        foreach (var order in orders.OrderByDescending(order => order.Priority).ThenBy(order => order.ReadyAt))
        {
            _worker.Offer(run.Id, order);
        }

        run.Session.NoteSeen();
        if (open.HasMore)
        {
            Send(new Mail.ToRun(new WorkflowCommand.Continue(run.Id)));
        }
    }

    private void End(LiveRun run, WorkflowState.Closed closed)
    {
        _worker.LetGoOf(run.Id);
        foreach (var child in closed.LeftChildren)
        {
            Reconcile(run, child);
        }

        TellParent(run.Session);
        foreach (var (parent, child) in _refusedStarts.Where(refused => refused.Child.ChildId == run.Id).ToList())
        {
            _refusedStarts.Remove((parent, child));
            if (Find(parent) is { State: WorkflowState.Open open } waiting && open.ChildFor(child.Attempt.Execution) == child)
            {
                Reconcile(waiting, child);
            }
        }
    }

    private void TellParent(WorkflowSession session)
    {
        if (session.Report is { } report)
        {
            Send(new Mail.ToRun(report));
        }
    }

    private void BeginOutliving(LiveRun run)
    {
        foreach (var child in run.Session.TakeOutliving())
        {
            Begin(run, child);
        }
    }

    /// <summary>Begins a child that continues without its parent, even if the run has left it in the decision that requested it.</summary>
    private void Begin(LiveRun parent, ChildOrder child)
    {
        var isAwaited = parent.State is WorkflowState.Open open && open.ChildFor(child.Attempt.Execution) is not null;
        if (!isAwaited && (child.Definition ?? Store.Find(child.Name, child.Version)) is { } definition)
        {
            Reconcile(parent, child with { Definition = definition });
        }
    }

    private void Reconcile(LiveRun parent, ChildOrder child)
    {
        if (child.Definition is null)
        {
            Send(new Mail.ToRun(new WorkflowCommand.ResolveChild(parent.Id, child.Attempt, Store.Find(child.Name, child.Version))));
            return;
        }

        Send(new Mail.ToRun(child.ToStart(NewId(), NewId()), decision => OnStarted(parent.Id, child, decision)));
        if (child.Close is not null)
        {
            // It follows a start, so that a child whose start was lost begins and then ends.
            Send(new Mail.ToNode(() => Close(child)));
        }
    }

    private void OnStarted(string parent, ChildOrder child, Decision decision)
    {
        if (decision is not Decision.Refused refused)
        {
            return;
        }

        if (ChildOrder.ErrorOfRefusedStart(refused.Code) is { } type)
        {
            Send(new Mail.ToRun(new WorkflowCommand.ChildRefused(parent, child.Attempt, type, refused.Reason)));
        }
        else
        {
            _refusedStarts.Add((parent, child));
        }
    }

    /// <summary>The attempt that requested the run as its child and left it; null means that its parent knows or will learn how it ended.</summary>
    public AttemptId? WhoLeft(LiveRun child) =>
        child.State is WorkflowState.Closed { Parent: { } link } && Find(link.WorkflowId)?.HasLeft(link.Attempt) == true ? link.Attempt : null;

    private void Close(ChildOrder child)
    {
        if (Find(child.ChildId)?.State is WorkflowState.Open open && open.Parent == child.Link)
        {
            Send(new Mail.ToRun(child.ToClose(NewId())));
        }
    }

    // Time: moves from one due moment to the next

    /// <summary>The next due time; null means that nothing falls due by itself.</summary>
    public DateTimeOffset? NextDue => Earliest(Clock.NextDue, _worker.NextDue, NextOf(_runs.Values));

    /// <summary>Lets time pass to the next due time, unless that is later than <paramref name="until"/>, and does what is due.</summary>
    /// <returns>False means that nothing is due up to then.</returns>
    public async Task<bool> StepAsync(DateTimeOffset until)
    {
        await SettleAsync().ConfigureAwait(false);
        if (NextDue is not { } due || due > until)
        {
            return false;
        }

        Clock.MoveTo(due);
        FireDue();
        await SettleAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Handles one kind of what is due: a handler that ends in time is not overdue, and a result in time is no timeout.</summary>
    private void FireDue()
    {
        var fired = false;
        TestWorker.Quietly(() =>
        {
            while (Clock.FireNext())
            {
                fired = true;
            }
        });
        if (fired)
        {
            return;
        }

        if (_worker.StopOverdue())
        {
            return;
        }

        foreach (var run in Runs.Where(run => DueAt(run) <= Now).ToList())
        {
            Tick(run);
        }
    }

    private void Tick(LiveRun run)
    {
        if (run.CheckpointDue <= Now)
        {
            run.TakeCheckpoint(Now);
        }

        if (run.State is WorkflowState.Open { NextDue: { } due } && due <= Now)
        {
            Send(new Mail.ToRun(new WorkflowCommand.Tick(run.Id), decision =>
            {
                if (decision is not Decision.Accepted && Find(run.Id)?.State is WorkflowState.Open { NextDue: { } still } && still <= Now)
                {
                    throw new InvalidOperationException($"The run '{run.Id}' says that something has been due since {still:O}, and does nothing about it.");
                }
            }));
        }
    }

    private static DateTimeOffset? DueAt(LiveRun run) => Earliest((run.State as WorkflowState.Open)?.NextDue, run.CheckpointDue);

    private static DateTimeOffset? NextOf(IEnumerable<LiveRun> runs) => runs.Min(DueAt);

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> moments)
    {
        DateTimeOffset? earliest = null;
        foreach (var moment in moments)
        {
            earliest = moment is null || earliest <= moment ? earliest : moment;
        }

        return earliest;
    }

    // Faults: lost workers and crashes

    /// <summary>Loses all running attempts, and reports that to their runs.</summary>
    public int LoseWorker()
    {
        var lost = _worker.LoseAll();
        foreach (var attempt in lost)
        {
            Send(new Mail.ToRun(new WorkflowCommand.Report(attempt.WorkflowId, attempt.Order.Attempt, attempt.Lease, TaskOutcome.Lost.Instance)));
        }

        return lost.Count;
    }

    /// <summary>Clears the memory, and recovers the runs from what was written.</summary>
    public void Crash()
    {
        Crashes++;
        _worker.Crash();
        _refusedStarts.Clear();
        _runs.Clear();
        var lost = new List<Mail>();
        while (_mail.TryDequeue(out var mail))
        {
            lost.Add(mail);
        }

        foreach (var journal in Store.Journals)
        {
            _runs.Add(journal.Id, LiveRun.Recover(journal, Store.PlanOf));
        }

        foreach (var run in Runs.ToList())
        {
            TakeUp(run);
        }

        foreach (var mail in lost.OfType<Mail.ToRun>())
        {
            mail.Lost?.Invoke();
        }
    }

    private void TakeUp(LiveRun run)
    {
        switch (run.State)
        {
            case WorkflowState.Open open:
                ReconcileEffects(run, open, open.Outstanding.Concat(open.Children).Concat(open.Touched).ToHashSet());
                break;
            case WorkflowState.Closed closed:
                foreach (var child in closed.LeftChildren)
                {
                    Reconcile(run, child);
                }

                break;
            default:
                break;
        }

        BeginOutliving(run);
    }
}
