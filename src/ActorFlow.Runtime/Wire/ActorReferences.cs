using Akka.Actor;
using Akka.Serialization;

namespace ActorFlow.Runtime.Wire;

/// <summary>Actor references as text that is good on every node, and back.</summary>
internal sealed class ActorReferences(ExtendedActorSystem system)
{
    public string ToText(IActorRef reference) => Serialization.SerializedActorPath(reference);

    public IActorRef FromText(string path) => system.Provider.ResolveActorRef(path);
}
