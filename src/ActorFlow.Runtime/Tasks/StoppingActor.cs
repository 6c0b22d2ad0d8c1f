using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// An actor that stops when it throws. Restarted in place it would keep its reference and lose its memory, and nobody who
/// watches it would hear of that.
/// </summary>
internal abstract class StoppingActor : UntypedActor
{
    /// <inheritdoc/>
    protected sealed override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception error)
        {
            Context.GetLogger().Error(error, "Stopping: {0} could not be handled.", message.GetType().Name);
            Context.Stop(Self);
            return true;
        }
    }
}
