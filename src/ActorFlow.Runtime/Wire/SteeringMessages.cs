using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Messages;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>What steers a run, answers it and tells it of its children, on the wire.</summary>
internal static class SteeringMessages
{
    public static byte[]? TryWrite(object message) => ToMessage(message)?.ToByteArray();

    public static object? TryRead(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.Signal when Signal.Parser.ParseFrom(bytes) is var m =>
            new WorkflowCommand.Signal(m.WorkflowId, m.CommandId.ToGuid(), m.Name, m.Payload.ToPayload()),
        Manifests.Answer => FromMessage(Answer.Parser.ParseFrom(bytes)),
        Manifests.Pause when ControlCommand.Parser.ParseFrom(bytes) is var m => new WorkflowCommand.Pause(m.WorkflowId, m.CommandId.ToGuid()),
        Manifests.Resume when ControlCommand.Parser.ParseFrom(bytes) is var m => new WorkflowCommand.Resume(m.WorkflowId, m.CommandId.ToGuid()),
        Manifests.Retry when Retry.Parser.ParseFrom(bytes) is var m =>
            new WorkflowCommand.Retry(m.WorkflowId, m.CommandId.ToGuid(), m.HasFrom ? m.From : null) { LeftBy = m.LeftBy?.ToAttempt() },
        Manifests.TakeCheckpoint when TakeCheckpoint.Parser.ParseFrom(bytes) is var m =>
            new WorkflowCommand.TakeCheckpoint(m.WorkflowId, m.CommandId.ToGuid(), m.Name),
        Manifests.Rewind when Rewind.Parser.ParseFrom(bytes) is var m =>
            new WorkflowCommand.Rewind(m.WorkflowId, m.CommandId.ToGuid(), m.To, m.Image.ToImage()) { LeftBy = m.LeftBy?.ToAttempt() },
        Manifests.ResolveChild when ResolveChild.Parser.ParseFrom(bytes) is var m =>
            new WorkflowCommand.ResolveChild(m.WorkflowId, Child(m.Attempt), m.Definition?.ToReference()),
        Manifests.ChildRefused when ChildRefused.Parser.ParseFrom(bytes) is var m =>
            new WorkflowCommand.ChildRefused(m.WorkflowId, Child(m.Attempt), m.Type, m.Message),
        Manifests.ChildEnded => FromMessage(ChildEnded.Parser.ParseFrom(bytes)),
        _ => null,
    };

    private static IMessage? ToMessage(object message) => message switch
    {
        WorkflowCommand.Signal m => new Signal
        {
            WorkflowId = m.WorkflowId,
            CommandId = m.CommandId.ToBytes(),
            Name = m.Name,
            Payload = m.Payload.ToBytes(),
        },
        WorkflowCommand.Answer m => ToMessage(m),
        WorkflowCommand.Pause m => new ControlCommand { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes() },
        WorkflowCommand.Resume m => new ControlCommand { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes() },
        WorkflowCommand.Retry m => ToMessage(m),
        WorkflowCommand.TakeCheckpoint m => new TakeCheckpoint { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes(), Name = m.Name },
        WorkflowCommand.Rewind m => new Rewind
        {
            WorkflowId = m.WorkflowId,
            CommandId = m.CommandId.ToBytes(),
            To = m.To,
            Image = m.Image.ToMessage(),
            LeftBy = m.LeftBy?.ToMessage(),
        },
        WorkflowCommand.ResolveChild m => new ResolveChild
        {
            WorkflowId = m.WorkflowId,
            Attempt = m.Attempt.ToMessage(),
            Definition = m.Definition?.ToMessage(),
        },
        WorkflowCommand.ChildRefused m => new ChildRefused
        {
            WorkflowId = m.WorkflowId,
            Attempt = m.Attempt.ToMessage(),
            Type = m.Type,
            Message = m.Message,
        },
        WorkflowCommand.ChildEnded m => ToMessage(m),
        _ => null,
    };

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
            Outcome = ended.Outcome switch
            {
                RunOutcome.Completed => 0,
                RunOutcome.Failed => 1,
                RunOutcome.Cancelled => 2,
                RunOutcome.Terminated => 3,
                _ => throw new InvalidOperationException($"The outcome {ended.Outcome} has no form on the wire."),
            },
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
        m.HasComment ? m.Comment : null);

    private static WorkflowCommand.ChildEnded FromMessage(ChildEnded m) => new(
        m.WorkflowId,
        Child(m.Attempt),
        m.Outcome switch
        {
            0 => RunOutcome.Completed,
            1 => RunOutcome.Failed,
            2 => RunOutcome.Cancelled,
            3 => RunOutcome.Terminated,
            _ => throw new InvalidDataException($"The bytes hold an outcome that this version does not know: {m.Outcome}."),
        },
        m.Output.ToPayload(),
        m.Error?.ToError(),
        m.HasReason ? m.Reason : null);

    private static AttemptId Child(Attempt? attempt) => attempt?.ToAttempt() ?? throw Fields.Missing("attempt");
}
