using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// A message on its way to a run: first straight to its actor, then through the shard region, after 1 second and ever longer, at
/// most 30 seconds apart, until whoever holds this has its answer.
/// </summary>
internal class RepeatedMessage(IWorkflowMessage message)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private Backoff _backoff = new(FirstDelay, LongestDelay);

    /// <summary>When it is sent again.</summary>
    public TimeSpan Due { get; private set; }

    public void Send(IActorRef workflow, IActorRef self, TimeSpan now)
    {
        workflow.Tell(message, self);
        _backoff.Reset();
        Due = now + _backoff.Next();
    }

    public void RepeatIfDue(IActorRef workflows, IActorRef self, TimeSpan now)
    {
        if (now < Due)
        {
            return;
        }

        workflows.Tell(message, self);
        Due = now + _backoff.Next();
    }
}
