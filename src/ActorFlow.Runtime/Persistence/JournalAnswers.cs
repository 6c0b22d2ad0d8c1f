using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Persistence;

/// <summary>What a journal answers to a write: first whether it is done, then so for every message of it, in order.</summary>
internal static class JournalAnswers
{
    /// <summary>The events of one call of an actor.</summary>
    public static IEnumerable<IPersistentRepresentation> EventsOf(AtomicWrite write) => (IEnumerable<IPersistentRepresentation>)write.Payload;

    /// <summary>Answers.</summary>
    /// <param name="write">What was asked.</param>
    /// <param name="failure">Why nothing is stored, or not known to be; none: all of it is.</param>
    /// <param name="journal">The journal.</param>
    public static void Send(WriteMessages write, Exception? failure, IActorRef journal)
    {
        var (to, instance) = (write.PersistentActor, write.ActorInstanceId);
        to.Tell(
            failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(failure, write.Messages.OfType<AtomicWrite>().Count()),
            journal);
        foreach (var envelope in write.Messages)
        {
            if (envelope is not AtomicWrite atomic)
            {
                to.Tell(new LoopMessageSuccess(envelope.Payload, instance), envelope.Sender);
                continue;
            }

            foreach (var one in EventsOf(atomic))
            {
                to.Tell(failure is null ? new WriteMessageSuccess(one, instance) : new WriteMessageFailure(one, failure, instance), one.Sender);
            }
        }
    }
}
