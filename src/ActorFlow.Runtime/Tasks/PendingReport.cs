using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// A report on its way: first straight to the run's actor, then through the shard region, after 1 second and ever longer, at most
/// 30 seconds apart, until the run acknowledges it.
/// </summary>
internal sealed class PendingReport(WorkflowCommand.Report report)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private TimeSpan _delay;
    private TimeSpan _due;

    public WorkflowCommand.Report Report { get; } = report;

    public void Send(IActorRef workflow, IActorRef self, TimeSpan now)
    {
        workflow.Tell(Report, self);
        _delay = FirstDelay;
        _due = now + _delay;
    }

    public void RepeatIfDue(IActorRef workflows, IActorRef self, TimeSpan now)
    {
        if (now < _due)
        {
            return;
        }

        workflows.Tell(Report, self);
        _delay = _delay + _delay < LongestDelay ? _delay + _delay : LongestDelay;
        _due = now + _delay;
    }
}
