using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>One incarnation of a task queue, as those it talks to know it.</summary>
internal sealed class QueueIncarnation(string name, long epoch, IActorRef self)
{
    public string Name { get; } = name;

    /// <summary>Its number. Workers obey none older than the newest that they have heard of.</summary>
    public long Epoch { get; private set; } = epoch;

    public IActorRef Self { get; } = self;

    /// <summary>Goes by a number newer than the one that a worker has heard of.</summary>
    public void Supersede(long epoch) => Epoch = Math.Max(Epoch, epoch) + 1;
}
