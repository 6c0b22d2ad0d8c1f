using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>Crashes: whatever is in memory goes, and what was written brings the runs back.</summary>
internal sealed partial class TestNode
{
    /// <summary>How often the node has crashed.</summary>
    public int Crashes { get; private set; }

    public void Crash()
    {
        Crashes++;
        foreach (var attempt in _attempts.ToList())
        {
            Lose(attempt);
        }

        _byBody.Clear();
        _offered.Clear();
        _unserved.Clear();
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
                See(run, open, open.Outstanding.Concat(open.Children).Concat(open.Touched).ToHashSet());
                break;
            case WorkflowState.Closed closed:
                foreach (var child in closed.LeftChildren)
                {
                    See(run, child);
                }

                break;
            default:
                break;
        }
    }
}
