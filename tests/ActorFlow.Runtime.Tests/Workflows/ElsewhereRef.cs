using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>Stands for an actor on another node: what it is told goes to an actor here.</summary>
internal sealed class ElsewhereRef(IActorRef here) : InternalActorRefBase
{
    public override ActorPath Path { get; } = ActorPath.Parse("akka.tcp://other@127.0.0.1:1/user/asker");

    public override IActorRefProvider Provider => ((IInternalActorRef)here).Provider;

    public override IInternalActorRef Parent => ActorRefs.Nobody;

    public override bool IsLocal => false;

    public override bool IsTerminated => false;

    public override IActorRef GetChild(IReadOnlyList<string> name) => ActorRefs.Nobody;

    public override void Start()
    {
    }

    public override void Stop()
    {
    }

    public override void Restart(Exception cause)
    {
    }

    public override void Resume(Exception? causedByFailure = null)
    {
    }

    public override void Suspend()
    {
    }

    public override void SendSystemMessage(Akka.Dispatch.SysMsg.ISystemMessage message)
    {
    }

    protected override void TellInternal(object message, IActorRef sender) => here.Tell(message, sender);
}
