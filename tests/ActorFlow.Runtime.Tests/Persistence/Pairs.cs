using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>Persists two events at a time, for ever, and notes those it was told are stored.</summary>
public sealed class Pairs : UntypedPersistentActor
{
    private readonly ConcurrentBag<string> _acknowledged;

    public Pairs(string id, ConcurrentBag<string> acknowledged)
    {
        PersistenceId = id;
        _acknowledged = acknowledged;
    }

    public override string PersistenceId { get; }

    protected override void OnCommand(object message)
    {
        if (message is "go")
        {
            string[] pair = [$"{PersistenceId}/{LastSequenceNr + 1}", $"{PersistenceId}/{LastSequenceNr + 2}"];
            PersistAll(pair, entry =>
            {
                _acknowledged.Add(entry);
                if (entry == pair[1])
                {
                    Self.Tell("go");
                }
            });
        }
    }

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
        {
            Self.Tell("go");
        }
    }
}
