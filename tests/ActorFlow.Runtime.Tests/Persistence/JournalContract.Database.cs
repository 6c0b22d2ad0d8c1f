using ActorFlow.Runtime.Persistence;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public abstract partial class JournalContract
{
    private static WriteMessages Batch(string id, int from, int to, IActorRef actor) => new(
        Enumerable.Range(from, to - from + 1).Select(n => new AtomicWrite(new Persistent($"{id}/{n}", n, id, sender: actor))).ToArray(),
        actor,
        actorInstanceId: 1);

    private protected (List<IPersistentRepresentation> Events, long Highest) Replay(string id, long from, long to, long max)
    {
        var probe = Node.Probe();
        var events = new List<IPersistentRepresentation>();
        Node.Journal.Tell(new ReplayMessages(from, to, max, id, probe));
        while (true)
        {
            switch (probe.ExpectMsg<object>())
            {
                case ReplayedMessage replayed:
                    events.Add(replayed.Persistent);
                    break;
                case RecoverySuccess success:
                    return (events, success.HighestSequenceNr);
                case var other:
                    throw new InvalidOperationException($"The journal answered {other}.");
            }
        }
    }

    private protected IEnumerable<long> Numbers(string id) =>
        database.Rows($"SELECT sequence_number FROM journal WHERE persistence_id = '{id}' ORDER BY ordering").Select(long.Parse).Order();

    private protected async Task<PersistentNode> Start(Action<PersistenceOptions>? change = null) =>
        await PersistentNode.Start(database.Open(change));

    private protected async Task Restart()
    {
        await Node.Stop();
        Node = await Start();
    }
}
