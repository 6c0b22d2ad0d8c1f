using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>
/// Asks a run for a large input that is still with it, again and again until it comes, but not for ever. The attempt has its slot
/// meanwhile, and its time has not begun.
/// </summary>
internal sealed class InputFetch(RunningAttempt attempt, IActorRef workflows, IActorRef self, TimeSpan now)
{
    private readonly TimeSpan _ends = now + LargeInput.FetchLimit;
    private readonly RepeatedMessage _question = new(new WorkflowQuery.FetchInput(
        attempt.Assignment.WorkflowId, attempt.Assignment.Order.Attempt, attempt.Assignment.Lease));

    /// <summary>Asks for the first time.</summary>
    public void Send(TimeSpan now) => _question.Send(attempt.Workflow, self, now);

    /// <summary>Whether it has taken too long.</summary>
    public bool IsOver(TimeSpan now) => now >= _ends;

    /// <summary>Asks again if it is time.</summary>
    /// <returns>How long until something is due.</returns>
    public TimeSpan Repeat(TimeSpan now)
    {
        _question.RepeatIfDue(workflows, self, now);
        return (_question.Due < _ends ? _question.Due : _ends) - now;
    }

    /// <summary>Whether that is the input: that of another attempt, or lease, is not.</summary>
    public bool IsAnsweredBy(AttemptInput answer) =>
        answer.Lease == attempt.Assignment.Lease && answer.Attempt == attempt.Assignment.Order.Attempt;
}
