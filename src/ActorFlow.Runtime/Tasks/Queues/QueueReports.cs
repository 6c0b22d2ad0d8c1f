using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Reports the ends of attempts that no worker can report, and repeats each until its run has acknowledged it.</summary>
internal sealed class QueueReports(QueueIncarnation queue, IActorRef workflows)
{
    private readonly Dictionary<AttemptId, PendingReport> _pending = [];

    /// <summary>Tells a run.</summary>
    public void Report(WorkflowCommand.Report report, IActorRef workflow, TimeSpan now)
    {
        var pending = new PendingReport(report);
        _pending[report.Attempt] = pending;
        pending.Send(workflow, queue.Self, now);
    }

    /// <summary>Tells a run again what it has not acknowledged.</summary>
    /// <returns>Whether there is anything of that attempt to tell.</returns>
    public bool ReportAgain(AttemptId attempt, IActorRef workflow, TimeSpan now)
    {
        if (!_pending.TryGetValue(attempt, out var pending))
        {
            return false;
        }

        pending.Send(workflow, queue.Self, now);
        return true;
    }

    /// <summary>Whether the run is being told that the attempt was cancelled.</summary>
    public bool IsCancelled(AttemptId attempt) =>
        _pending.TryGetValue(attempt, out var pending) && pending.Report.Outcome is TaskOutcome.Cancelled;

    /// <summary>The attempt is offered again: its run is beyond what was last reported of it.</summary>
    public void Forget(AttemptId attempt) => _pending.Remove(attempt);

    /// <summary>The run has taken note. Of an older report of the attempt, that does not count.</summary>
    public void Handle(ReportAcknowledged acknowledged)
    {
        if (_pending.TryGetValue(acknowledged.Attempt, out var pending) && pending.Report.Lease == acknowledged.Lease)
        {
            _pending.Remove(acknowledged.Attempt);
        }
    }

    public void RepeatDue(TimeSpan now)
    {
        foreach (var pending in _pending.Values)
        {
            pending.RepeatIfDue(workflows, queue.Self, now);
        }
    }
}
