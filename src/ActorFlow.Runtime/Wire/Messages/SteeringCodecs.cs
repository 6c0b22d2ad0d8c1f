using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Checkpoints;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>What steers a run, answers it and tells it of its children.</summary>
internal static class SteeringCodecs
{
    public static ImmutableArray<MessageCodec> All { get; } =
    [
        MessageCodec.Of(
            "wf.signal.1",
            (WorkflowCommand.Signal m) =>
                new Signal { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes(), Name = m.Name, Payload = m.Payload.ToBytes() },
            m => new(m.WorkflowId, m.CommandId.ToGuid(), m.Name, m.Payload.ToPayload())),
        MessageCodec.Of<WorkflowCommand.Answer, Answer>("wf.answer.1", ToMessage, FromMessage),
        MessageCodec.Of(
            "wf.pause.1",
            (WorkflowCommand.Pause m) => new ControlCommand { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes() },
            m => new(m.WorkflowId, m.CommandId.ToGuid())),
        MessageCodec.Of(
            "wf.resume.1",
            (WorkflowCommand.Resume m) => new ControlCommand { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes() },
            m => new(m.WorkflowId, m.CommandId.ToGuid())),
        MessageCodec.Of<WorkflowCommand.Retry, Retry>(
            "wf.retry.1",
            ToMessage,
            m => new(m.WorkflowId, m.CommandId.ToGuid(), m.HasFrom ? m.From : null) { LeftBy = m.LeftBy?.ToAttempt() }),
        MessageCodec.Of(
            "wf.take-checkpoint.1",
            (WorkflowCommand.TakeCheckpoint m) =>
                new TakeCheckpoint { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes(), Name = m.Name },
            m => new(m.WorkflowId, m.CommandId.ToGuid(), m.Name)),
        MessageCodec.Of<WorkflowCommand.Rewind, Rewind>(
            "wf.rewind.1",
            ToMessage,
            FromMessage),
        MessageCodec.Of(
            "wf.resolve-child.1",
            (WorkflowCommand.ResolveChild m) =>
                new ResolveChild { WorkflowId = m.WorkflowId, Attempt = m.Attempt.ToMessage(), Definition = m.Definition?.ToMessage() },
            m => new(m.WorkflowId, Child(m.Attempt), m.Definition?.ToReference())),
        MessageCodec.Of(
            "wf.child-refused.1",
            (WorkflowCommand.ChildRefused m) =>
                new ChildRefused { WorkflowId = m.WorkflowId, Attempt = m.Attempt.ToMessage(), Type = m.Type, Message = m.Message },
            m => new(m.WorkflowId, Child(m.Attempt), m.Type, m.Message)),
        MessageCodec.Of<WorkflowCommand.ChildEnded, ChildEnded>("wf.child-ended.1", ToMessage, FromMessage),
    ];

    private static Rewind ToMessage(WorkflowCommand.Rewind rewind)
    {
        var message = new Rewind
        {
            WorkflowId = rewind.WorkflowId,
            CommandId = rewind.CommandId.ToBytes(),
            To = rewind.To,
            Image = rewind.Image.ToMessage(),
            LeftBy = rewind.LeftBy?.ToMessage(),
        };
        if (!rewind.IsByNumber)
        {
            message.Checkpoint = rewind.Checkpoint;
        }

        return message;
    }

    private static WorkflowCommand.Rewind FromMessage(Rewind m)
    {
        var rewind = new WorkflowCommand.Rewind(m.WorkflowId, m.CommandId.ToGuid(), m.To, m.Image.ToImage()) { LeftBy = m.LeftBy?.ToAttempt() };
        return m.HasCheckpoint ? rewind with { Checkpoint = m.Checkpoint } : rewind;
    }

    private static Answer ToMessage(WorkflowCommand.Answer answer)
    {
        var message = new Answer
        {
            WorkflowId = answer.WorkflowId,
            CommandId = answer.CommandId.ToBytes(),
            Task = answer.Task,
            Value = answer.Value.ToBytes(),
        };
        if (answer.By is { } by)
        {
            message.By = by;
        }

        if (answer.Comment is { } comment)
        {
            message.Comment = comment;
        }

        if (answer.ClaimedBy is { } claimedBy)
        {
            message.ClaimedBy = claimedBy;
        }

        return message;
    }

    private static Retry ToMessage(WorkflowCommand.Retry retry)
    {
        var message = new Retry { WorkflowId = retry.WorkflowId, CommandId = retry.CommandId.ToBytes(), LeftBy = retry.LeftBy?.ToMessage() };
        if (retry.From is { } from)
        {
            message.From = from;
        }

        return message;
    }

    private static ChildEnded ToMessage(WorkflowCommand.ChildEnded ended)
    {
        var message = new ChildEnded
        {
            WorkflowId = ended.WorkflowId,
            Attempt = ended.Attempt.ToMessage(),
            Outcome = ended.Outcome.ToNumber(),
            Output = ended.Output.ToBytes(),
            Error = ended.Error?.ToMessage(),
        };
        if (ended.Reason is { } reason)
        {
            message.Reason = reason;
        }

        return message;
    }

    private static WorkflowCommand.Answer FromMessage(Answer m) => new(
        m.WorkflowId,
        m.CommandId.ToGuid(),
        m.Task,
        m.Value.ToPayload(),
        m.HasBy ? m.By : null,
        m.HasComment ? m.Comment : null)
    {
        ClaimedBy = m.HasClaimedBy ? m.ClaimedBy : null,
    };

    private static WorkflowCommand.ChildEnded FromMessage(ChildEnded m) => new(
        m.WorkflowId,
        Child(m.Attempt),
        m.Outcome.ToOutcome(),
        m.Output.ToPayload(),
        m.Error?.ToError(),
        m.HasReason ? m.Reason : null);

    private static AttemptId Child(Attempt? attempt) => attempt?.ToAttempt() ?? throw Fields.Missing("attempt");
}
