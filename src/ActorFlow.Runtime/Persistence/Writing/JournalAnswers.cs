using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>What a journal answers to a write: first whether it is done, then so for every message of it, in order.</summary>
internal static class JournalAnswers
{
    /// <summary>What one call to the journal holds.</summary>
    public static IReadOnlyList<IPersistentEnvelope> EnvelopesOf(WriteMessages write) =>
        write.Messages as IReadOnlyList<IPersistentEnvelope> ?? [.. write.Messages];

    /// <summary>The events of one call of an actor.</summary>
    public static IReadOnlyList<IPersistentRepresentation> EventsOf(AtomicWrite write) =>
        write.Payload as IReadOnlyList<IPersistentRepresentation> ?? [.. (IEnumerable<IPersistentRepresentation>)write.Payload];

    /// <summary>Answers.</summary>
    /// <param name="write">What was asked.</param>
    /// <param name="failure">Why nothing is stored, or not known to be; null means that all of it is.</param>
    /// <param name="journal">The journal.</param>
    public static void Send(WriteMessages write, Exception? failure, IActorRef journal)
    {
        var (to, instance) = (write.PersistentActor, write.ActorInstanceId);
        var envelopes = EnvelopesOf(write);
        to.Tell(
            failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(failure, envelopes.Count(envelope => envelope is AtomicWrite)),
            journal);
        for (var i = 0; i < envelopes.Count; i++)
        {
            if (envelopes[i] is not AtomicWrite atomic)
            {
                to.Tell(new LoopMessageSuccess(envelopes[i].Payload, instance), envelopes[i].Sender);
                continue;
            }

            var events = EventsOf(atomic);
            for (var j = 0; j < events.Count; j++)
            {
                to.Tell(
                    failure is null ? new WriteMessageSuccess(events[j], instance) : new WriteMessageFailure(events[j], failure, instance),
                    events[j].Sender);
            }
        }
    }
}
