using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;
using ActorFlow.Runtime.Telemetry;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// The attempts in a worker's hands, from their leases until their runs have taken note of how they ended. What runs have not taken
/// note of takes memory, and is bounded.
/// </summary>
internal sealed class HeldAttempts(HostIncarnation host, WorkerNode node, QueueLinks links, IActorRef workflows, ActorClock clock)
{
    private int _unacknowledged;
    private long _unacknowledgedBytes;

    /// <summary>Whether there is nothing left that has to be run or reported.</summary>
    public bool IsEmpty => node.Held.Count == 0;

    /// <summary>Whether so little waits to be acknowledged that more work may be taken.</summary>
    public bool HasRoom =>
        _unacknowledged < node.Options.UnacknowledgedLimit
        && _unacknowledgedBytes < node.Options.UnacknowledgedBytes;

    public RunningAttempt? Find(AttemptId attempt) => node.Held.GetValueOrDefault(attempt);

    public void Track(RunningAttempt attempt) => node.Held.Add(attempt.Assignment.Order.Attempt, attempt);

    /// <summary>Takes up what a former host of this node left: what has ended is reported.</summary>
    public void TakeOver()
    {
        foreach (var attempt in node.Held.Values)
        {
            if (attempt.Report is { } report)
            {
                Count(report.Report.Outcome, +1);
            }
            else if (attempt.Outcome is not null)
            {
                Report(attempt);
            }
        }
    }

    /// <summary>Tells its run how an attempt ended.</summary>
    public void Report(RunningAttempt attempt)
    {
        var assignment = attempt.Assignment;
        var outcome = attempt.Outcome!;
        attempt.Report = new(new(assignment.WorkflowId, assignment.Order.Attempt, assignment.Lease, outcome));
        Count(outcome, +1);
        if (outcome is TaskOutcome.Released)
        {
            // The run offers it again as soon as it hears of it: by then the queue must not take it for leased any more.
            links.LinkTo(attempt.Queue).Settle(attempt, succeeded: false, clock.Now);
            links.SendChanges();
        }

        AttemptTelemetry.End(assignment.Order, outcome, node, attempt.Telemetry);
        attempt.Report.Send(attempt.Workflow, host.Self, clock.Now);
        node.Observe(attempt, outcome, static (observer, ended, outcome) => observer.Ended(ended, outcome));
    }

    /// <summary>Tells its run, where that is now, once more; nothing if the attempt has not ended.</summary>
    public void ReportAgain(RunningAttempt attempt) => attempt.Report?.Send(attempt.Workflow, host.Self, clock.Now);

    /// <summary>Tells those runs again that have not answered.</summary>
    public void RepeatDue()
    {
        var now = clock.Now;
        foreach (var attempt in node.Held.Values)
        {
            attempt.Report?.RepeatIfDue(workflows, host.Self, now);
        }
    }

    /// <summary>A run has taken note.</summary>
    /// <returns>Whether it was of a report that waited for it.</returns>
    public bool Handle(ReportAcknowledged acknowledged)
    {
        if (Find(acknowledged.Attempt) is not { Report: { } report } attempt || attempt.Assignment.Lease != acknowledged.Lease)
        {
            return false;
        }

        Forget(attempt);
        if (report.Report.Outcome is not TaskOutcome.Released)
        {
            links.LinkTo(attempt.Queue).Settle(attempt, report.Report.Outcome is TaskOutcome.Succeeded, clock.Now);
        }

        return true;
    }

    /// <summary>Nobody waits for the report of this attempt any more.</summary>
    public void Forget(RunningAttempt attempt)
    {
        node.Held.Remove(attempt.Assignment.Order.Attempt);
        Count(attempt.Outcome!, -1);
    }

    private void Count(TaskOutcome outcome, int change)
    {
        _unacknowledged += change;
        _unacknowledgedBytes += change * outcome switch
        {
            TaskOutcome.Succeeded succeeded => succeeded.Output.Length,
            TaskOutcome.Failed failed => (2 * failed.Message.Length) + (failed.Progress?.Length ?? 0),
            _ => 0L,
        };
    }
}
