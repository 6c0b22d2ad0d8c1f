using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>Who the workers are. A new task queue asks each of them what it runs before it hands anything out.</summary>
internal interface IWorkerDirectory
{
    /// <summary>The worker nodes that are members now, unreachable ones included. Asked from actors: must be quick.</summary>
    IReadOnlyCollection<WorkerMember> Members { get; }
}

/// <summary>A worker node.</summary>
/// <param name="Node">Its name, as its host gives it in <see cref="HostState.Node"/>.</param>
/// <param name="Host">Its host, or what passes messages on to it.</param>
internal sealed record WorkerMember(string Node, ICanTell Host);
