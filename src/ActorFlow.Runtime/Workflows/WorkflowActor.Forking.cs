using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>The beginning of a fork: what it goes on from is read here, from the store, before anything behind it is taken.</summary>
public sealed partial class WorkflowActor
{
    private RunImage? _source;

    /// <summary>Whether all is there that it takes to decide on a message. What is missing is on its way, and the message stays first.</summary>
    private bool IsAtHand(object message) => message switch
    {
        WorkflowCommand.Start start => !Begins(start) || (HavePlan(start) && IsHeld()),
        WorkflowCommand.Retry or WorkflowCommand.Rewind => IsHeld(),
        ForkFrom fork when StartOf(fork) is var start => !Begins(start) || (HavePlan(start) && (_tombstone is not null || HaveSource(fork))),
        _ => true,
    };

    private static WorkflowCommand.Start StartOf(ForkFrom fork) =>
        new(fork.WorkflowId, fork.CommandId, fork.RunId, fork.Definition, fork.Input) { Origin = fork.Origin };

    private bool HaveSource(ForkFrom fork)
    {
        if (_source is null)
        {
            _busy = true;
            PastState.ReadAsync(
                Context.System, _services.Checkpoints, _plan!, PersistenceIds.Of(fork.Origin.WorkflowId), fork.Origin.Sequence).PipeTo(
                Self, success: image => new SourceRead(image, null), failure: error => new SourceRead(null, error.GetBaseException().Message));
        }

        return _source is not null;
    }

    private void On(SourceRead read)
    {
        _busy = false;
        var (message, sender) = _arrived.Peek();
        var fork = (ForkFrom)message;
        if (read.Image is { } image && image.RunId == fork.Origin.RunId)
        {
            _source = image;
        }
        else
        {
            _arrived.Dequeue();
            sender.Tell(read.Failure is { } failure
                ? new WorkflowReply.Refused(_id, "unavailable", $"The workflow run '{fork.Origin.WorkflowId}' cannot be read: {failure}")
                : new WorkflowReply.Refused(
                    _id, "checkpoint-not-found", $"The workflow run '{fork.Origin.WorkflowId}' has no checkpoint '{fork.Origin.Sequence}'."));
        }

        AfterWork();
    }

    /// <summary>The start that a fork comes to. Where the run has begun, the start is a repeat or in conflict, and needs no image.</summary>
    private WorkflowCommand.Start TakeFork(ForkFrom fork)
    {
        var start = StartOf(fork);
        if (_source is { } source)
        {
            _source = null;
            start = start with { Image = source, Companions = source.Companions, Directory = source.Directory, Tags = source.Tags };
        }

        return start;
    }

    private sealed record SourceRead(RunImage? Image, string? Failure) : INoSerializationVerificationNeeded;
}
