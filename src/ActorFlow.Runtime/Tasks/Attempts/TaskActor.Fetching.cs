using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>
/// Before the handler starts: a large input is still with the run, and asked for until it comes. The attempt has its slot, and its
/// time has not begun.
/// </summary>
internal sealed partial class TaskActor
{
    private RepeatedMessage? _fetch;
    private TimeSpan _fetchEnds;

    private void Start(RunningAttempt attempt)
    {
        if (attempt.Outcome is not null)
        {
            // Given back, and the former host did not come to hear of it.
            GiveBack(attempt);
        }
        else if (attempt.Input is null)
        {
            Fetch(attempt);
        }
        else
        {
            attempt.Start(Self);
            LookAfter(attempt);
        }
    }

    private void Fetch(RunningAttempt attempt)
    {
        var (lease, workflowId, order, _) = attempt.Assignment;
        var now = _clock.Now;
        _fetchEnds = now + LargeInput.FetchLimit;
        _fetch = new(new WorkflowQuery.FetchInput(workflowId, order.Attempt, lease));
        _fetch.Send(attempt.Workflow, Self, now);
        LookAfterFetch(attempt, now);
    }

    private void LookAfterFetch(RunningAttempt attempt, TimeSpan now)
    {
        if (now >= _fetchEnds)
        {
            GiveBack(attempt);
            return;
        }

        _fetch!.RepeatIfDue(_workflows, Self, now);
        LookAgainIn((_fetch.Due < _fetchEnds ? _fetch.Due : _fetchEnds) - now, now);
    }

    private static bool IsFor(AttemptInput answer, RunningAttempt attempt) =>
        answer.Lease == attempt.Assignment.Lease && answer.Attempt == attempt.Assignment.Order.Attempt;

    private void TakeInput(RunningAttempt attempt, Payload? input)
    {
        _fetch = null;
        if (input is null)
        {
            GiveBack(attempt);
            return;
        }

        attempt.Input = input;
        Start(attempt);
    }

    /// <summary>The handler never started: whatever the reason, nothing has happened, and the run may offer the attempt again.</summary>
    private void GiveBack(RunningAttempt attempt)
    {
        (_attempt, _fetch) = (null, null);
        attempt.Outcome = TaskOutcome.Released.Instance;
        Context.Parent.Tell(new AttemptEnded(attempt, HandlerRuns: false), Self);
    }
}
