using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>The attempts on this node: taken, run, stopped, reported, acknowledged.</summary>
public sealed partial class WorkerHost
{
    private void Take(AssignAttempts message)
    {
        if (Connect(message.Queue, message.QueueEpoch) is not { } link)
        {
            return;
        }

        foreach (var assignment in message.Assignments)
        {
            // An old number is a repeat, or came too late: the queue has been told that it is not here.
            if (link.See(assignment.Lease.Number))
            {
                Take(link, assignment);
            }
        }
    }

    private void Take(QueueLink link, Assignment assignment)
    {
        if (_node.Held.TryGetValue(assignment.Order.Attempt, out var held))
        {
            if (held.Outcome is null or TaskOutcome.Succeeded)
            {
                // A former lease holds; the queue hears of it now.
                held.Report?.Send(held.Workflow = assignment.Workflow, Self, _clock.Now);
                SendInventory(link);
                return;
            }

            // Offered again, the attempt is beyond what was reported of it.
            Release(held);
        }

        var attempt = new RunningAttempt(link.Name, assignment, _node);
        _node.Held.Add(assignment.Order.Attempt, attempt);
        if (TakesWork && link.Busy < link.Slots)
        {
            Begin(link, attempt);
        }
        else
        {
            attempt.Outcome = TaskOutcome.Released.Instance;
            Report(attempt);
        }
    }

    private void Begin(QueueLink link, RunningAttempt attempt)
    {
        _node.Occupy(attempt);
        _poolWatch?.Begin();
        link.Busy++;
        attempt.Actor = link.Idle.TryPop(out var idle) ? idle : Context.ActorOf(_taskActor);
        attempt.Actor.Tell(new TaskActor.Begin(attempt));
    }

    private void NoteEnd(RunningAttempt attempt, bool handlerRuns)
    {
        var link = _links[attempt.Queue];
        var wasAbandoned = attempt.Report is not null;
        if (!wasAbandoned)
        {
            Report(attempt);
        }

        if (handlerRuns || wasAbandoned)
        {
            link.Abandoned += handlerRuns ? 1 : -1;
            CheckHealth();
        }

        if (!handlerRuns)
        {
            _node.Vacate(attempt);
            link.Busy--;
            link.Idle.Push(Sender);
        }

        link.Changed = true;
        SaySoon();
    }

    private void Report(RunningAttempt attempt)
    {
        var assignment = attempt.Assignment;
        var outcome = attempt.Outcome!;
        attempt.Report = new(new(assignment.WorkflowId, assignment.Order.Attempt, assignment.Lease, outcome));
        CountUnacknowledged(outcome, +1);
        if (outcome is TaskOutcome.Released)
        {
            // The run offers it again as soon as it hears of it: by then the queue must not take it for leased any more.
            LinkTo(attempt.Queue, slots: 0).Settle(attempt, succeeded: false, _clock.Now);
            SendDelta();
        }

        attempt.Report.Send(attempt.Workflow, Self, _clock.Now);
        _node.Observe(attempt, outcome, static (observer, ended, outcome) => observer.Ended(ended, outcome));
    }

    private void Acknowledge(ReportAcknowledged acknowledged)
    {
        if (_node.Held.TryGetValue(acknowledged.Attempt, out var attempt)
            && attempt.Report is { } report
            && attempt.Assignment.Lease == acknowledged.Lease)
        {
            Release(attempt);
            if (report.Report.Outcome is not TaskOutcome.Released)
            {
                LinkTo(attempt.Queue, slots: 0).Settle(attempt, report.Report.Outcome is TaskOutcome.Succeeded, _clock.Now);
            }

            SaySoon();
            StopIfDrained();
        }
    }

    private void Release(RunningAttempt attempt)
    {
        _node.Held.Remove(attempt.Assignment.Order.Attempt);
        CountUnacknowledged(attempt.Outcome!, -1);
    }

    private void Cancel(CancelAttempt cancel)
    {
        if (Connect(cancel.Queue, cancel.QueueEpoch) is null
            || !_node.Held.TryGetValue(cancel.Attempt, out var attempt)
            || attempt.Assignment.Lease != cancel.Lease)
        {
            return;
        }

        if (attempt.Report is { } report)
        {
            report.Send(attempt.Workflow, Self, _clock.Now);
        }
        else
        {
            attempt.Actor.Tell(new TaskActor.Stop(attempt, cancel.Revoked ? StopReason.GivenBack : StopReason.Withdrawn));
        }
    }

    private void ReportAgain(ReportAgain again)
    {
        if (Connect(again.Queue, again.QueueEpoch) is not null && _node.Held.TryGetValue(again.Attempt, out var attempt))
        {
            attempt.Workflow = again.Workflow;
            attempt.Report?.Send(again.Workflow, Self, _clock.Now);
        }
    }

    private void CountUnacknowledged(TaskOutcome outcome, int change)
    {
        _unacknowledged += change;
        _unacknowledgedBytes += change * outcome switch
        {
            TaskOutcome.Succeeded succeeded => succeeded.Output.Length,
            TaskOutcome.Failed failed => (2 * failed.Message.Length) + (failed.Progress?.Length ?? 0),
            _ => 0L,
        };
    }

    private void CheckHealth()
    {
        var (abandoned, slots) = (0, 0);
        foreach (var link in _links.Values)
        {
            abandoned += link.Abandoned;
            slots += link.Slots;
        }

        _node.SetHealth(abandoned, slots);
    }
}
