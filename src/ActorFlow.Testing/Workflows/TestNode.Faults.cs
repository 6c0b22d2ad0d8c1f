using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>Makes faults: handlers that fail, workers that are lost, crashes.</summary>
internal sealed partial class TestNode
{
    private readonly Dictionary<string, Queue<HandlerFailure>> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _losses = new(StringComparer.Ordinal);

    /// <summary>After how many further commits the node crashes; null means that it does not.</summary>
    public int? CrashAfter { get; set; }

    /// <summary>Whether it crashes after every commit.</summary>
    public bool CrashesAlways { get; set; }

    /// <summary>How often the node has crashed.</summary>
    public int Crashes { get; private set; }

    public void FailNext(string handler, HandlerFailure failure)
    {
        if (!_failures.TryGetValue(handler, out var failures))
        {
            _failures[handler] = failures = new();
        }

        failures.Enqueue(failure);
    }

    public void LoseNext(string handler) => _losses[handler] = _losses.GetValueOrDefault(handler) + 1;

    /// <summary>Loses all running attempts, and reports that to their runs.</summary>
    public int LoseWorker()
    {
        var lost = _attempts.ToList();
        foreach (var attempt in lost)
        {
            Lose(attempt);
            Send(new Mail.ToRun(new WorkflowCommand.Report(attempt.WorkflowId, attempt.Order.Attempt, attempt.Lease, TaskOutcome.Lost.Instance)));
        }

        return lost.Count;
    }

    /// <summary>Clears the memory, and recovers the runs from what was written.</summary>
    public void Crash()
    {
        Crashes++;
        foreach (var attempt in _attempts.ToList())
        {
            Lose(attempt);
        }

        _byExecution.Clear();
        _offered.Clear();
        _unserved.Clear();
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

    /// <summary>Loses an attempt with its worker: it never continues.</summary>
    private void Lose(TestAttempt attempt)
    {
        attempt.Call?.Finish(CallEnd.Lost, Now);
        Clock.Drop(attempt);
        Remove(attempt);
    }

    private HandlerFailure? TakeFailure(string handler) =>
        _failures.TryGetValue(handler, out var failures) && failures.TryDequeue(out var asked) ? asked : null;

    private bool TakeLoss(string handler)
    {
        var losses = _losses.GetValueOrDefault(handler);
        _losses[handler] = Math.Max(0, losses - 1);
        return losses > 0;
    }
}
