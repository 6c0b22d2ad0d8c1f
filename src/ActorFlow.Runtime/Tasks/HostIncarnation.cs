using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>One incarnation of a worker host, as those it talks to know it.</summary>
/// <param name="Name">The node's name, the same over all incarnations.</param>
/// <param name="Epoch">Its number; a greater one replaces those before.</param>
/// <param name="Self">Its actor.</param>
internal sealed record HostIncarnation(string Name, long Epoch, IActorRef Self);
