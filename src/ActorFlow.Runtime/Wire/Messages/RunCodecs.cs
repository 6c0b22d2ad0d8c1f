using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Checkpoints;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>What runs are asked and answer.</summary>
internal static class RunCodecs
{
    public static ImmutableArray<MessageCodec> All { get; } =
    [
        MessageCodec.Of<WorkflowCommand.Start, Start>("wf.start.1", ToMessage, FromMessage),
        MessageCodec.Of<WorkflowCommand.Report, Report>("wf.report.1", ToMessage, FromMessage),
        MessageCodec.Of("wf.tick.1", (WorkflowCommand.Tick m) => Name(m.WorkflowId), m => new(m.WorkflowId)),
        MessageCodec.Of("wf.continue.1", (WorkflowCommand.Continue m) => Name(m.WorkflowId), m => new(m.WorkflowId)),
        MessageCodec.Of(
            "wf.cancel.1",
            (WorkflowCommand.Cancel m) => new EndCommand { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes(), Reason = m.Reason },
            m => new(m.WorkflowId, m.CommandId.ToGuid(), m.Reason)),
        MessageCodec.Of(
            "wf.terminate.1",
            (WorkflowCommand.Terminate m) => new EndCommand { WorkflowId = m.WorkflowId, CommandId = m.CommandId.ToBytes(), Reason = m.Reason },
            m => new(m.WorkflowId, m.CommandId.ToGuid(), m.Reason)),
        MessageCodec.Of("wf.await-end.1", (WorkflowQuery.AwaitEnd m) => Name(m.WorkflowId), m => new(m.WorkflowId)),
        MessageCodec.Of("wf.get-status.1", (WorkflowQuery.GetStatus m) => Name(m.WorkflowId), m => new(m.WorkflowId)),
        MessageCodec.Of(
            "wf.fetch-input.1",
            (WorkflowQuery.FetchInput m) =>
                new FetchInput { WorkflowId = m.WorkflowId, Attempt = m.Attempt.ToMessage(), Lease = m.Lease.ToMessage() },
            m => new(m.WorkflowId, m.Attempt.ToAttempt(), m.Lease.ToLease())),
        MessageCodec.Of<WorkflowReply.Accepted, Accepted>("wf.accepted.1", ToMessage, FromMessage),
        MessageCodec.Of(
            "wf.refused.1",
            (WorkflowReply.Refused m) => new Refused { WorkflowId = m.WorkflowId, Code = m.Code, Reason = m.Reason },
            m => new(m.WorkflowId, m.Code, m.Reason)),
        MessageCodec.Of<WorkflowReply.Ended, Ended>("wf.ended.1", ToMessage, FromMessage),
        MessageCodec.Of<WorkflowReply.Status, Status>("wf.status.1", ToMessage, FromMessage),
        MessageCodec.Of("wf.stop.1", (StopWorkflow _) => new Nothing(), _ => StopWorkflow.Instance),
    ];

    private static Start ToMessage(WorkflowCommand.Start start)
    {
        var message = new Start
        {
            WorkflowId = start.WorkflowId,
            CommandId = start.CommandId.ToBytes(),
            RunId = start.RunId.ToBytes(),
            Definition = start.Definition.ToMessage(),
            Input = start.Input.ToBytes(),
            Parent = start.Parent?.ToMessage(),
            Origin = start.Origin?.ToMessage(),
            Image = start.Image?.ToMessage(),
            Trace = start.Trace?.ToMessage(),
            AnyVersion = start.AnyVersion,
        };
        message.Companions.Add(start.Companions.Select(Fields.ToMessage));
        message.Tags.Add(start.Tags);
        if (start.Directory is { } directory)
        {
            message.Directory = directory;
        }

        start.StartAt.Set(ticks => message.StartAtTicks = ticks);
        return message;
    }

    private static Report ToMessage(WorkflowCommand.Report report)
    {
        var message = new Report
        {
            WorkflowId = report.WorkflowId,
            Attempt = report.Attempt.ToMessage(),
            Lease = report.Lease.ToMessage(),
        };
        switch (report.Outcome)
        {
            case TaskOutcome.Succeeded outcome: message.Succeeded = outcome.Output.ToBytes(); break;
            case TaskOutcome.Failed outcome: message.Failed = ToMessage(outcome); break;
            case TaskOutcome.Cancelled: message.Cancelled = new(); break;
            case TaskOutcome.Abandoned: message.Abandoned = new(); break;
            case TaskOutcome.Released: message.Released = new(); break;
            case TaskOutcome.Lost: message.Lost = new(); break;
            default: throw new InvalidOperationException($"The outcome {report.Outcome.GetType().Name} has no form on the wire.");
        }

        return message;
    }

    private static FailedOutcome ToMessage(TaskOutcome.Failed failed)
    {
        var message = new FailedOutcome { Type = failed.Type, Message = failed.Message, Retryable = failed.Retryable };
        if (failed.Progress is { } progress)
        {
            message.Progress = progress.ToBytes();
        }

        if (failed.RetryAfter is { } wait)
        {
            message.RetryAfterTicks = wait.Ticks;
        }

        return message;
    }

    private static Accepted ToMessage(WorkflowReply.Accepted accepted) => new()
    {
        WorkflowId = accepted.WorkflowId,
        Started = accepted.Started is { } started
            ? new() { RunId = started.RunId.ToBytes(), Definition = started.Definition, Version = started.Version, Created = started.Created }
            : null,
    };

    private static WorkflowReply.Accepted FromMessage(Accepted m) => new(m.WorkflowId)
    {
        Started = m.Started is { } started ? new(started.RunId.ToGuid(), started.Definition, started.Version, started.Created) : null,
    };

    private static Ended ToMessage(WorkflowReply.Ended ended)
    {
        var message = new Ended
        {
            WorkflowId = ended.WorkflowId,
            Definition = ended.Definition.ToMessage(),
            Outcome = (int)ended.Outcome,
            Output = ended.Output.ToBytes(),
            Error = ended.Error?.ToMessage(),
            StartedAtTicks = ended.StartedAt.UtcTicks,
            ClosedAtTicks = ended.ClosedAt.UtcTicks,
        };
        if (ended.Reason is { } reason)
        {
            message.Reason = reason;
        }

        message.Failures.Add(ended.Failures.Select(task => new FailedTask
        {
            Path = task.Path,
            Type = task.Type,
            Message = task.Message,
            Attempts = task.Attempts,
        }));
        return message;
    }

    private static Status ToMessage(WorkflowReply.Status status)
    {
        var message = new Status
        {
            WorkflowId = status.WorkflowId,
            Definition = status.Definition.ToMessage(),
            Tasks = status.Progress.Tasks,
            Settled = status.Progress.Settled,
            Outstanding = status.Progress.Outstanding,
        };
        if (status.Stopping is { } stopping)
        {
            message.Stopping = stopping;
        }

        if (status.NextDue is { } due)
        {
            message.NextDueTicks = due.UtcTicks;
        }

        message.WaitingFor.Add(status.WaitingFor);

        return message;
    }

    private static WorkflowCommand.Start FromMessage(Start m) =>
        new(m.WorkflowId, m.CommandId.ToGuid(), m.RunId.ToGuid(), m.Definition.ToReference(), m.Input.ToPayload())
        {
            Parent = m.Parent.ToLink(),
            Origin = m.Origin.ToOrigin(),
            Image = m.Image?.ToImage(),
            Companions = m.Companions.ToReferences(),
            Tags = m.Tags.ToTags(),
            Directory = m.HasDirectory ? m.Directory : null,
            Trace = m.Trace.ToTrace(),
            AnyVersion = m.AnyVersion,
            StartAt = m.StartAtTicks.ToTime(m.HasStartAtTicks),
        };

    private static WorkflowCommand.Report FromMessage(Report m) => new(m.WorkflowId, m.Attempt.ToAttempt(), m.Lease.ToLease(), m.OutcomeCase switch
    {
        Report.OutcomeOneofCase.Succeeded => new TaskOutcome.Succeeded(m.Succeeded.ToPayload()),
        Report.OutcomeOneofCase.Failed => new TaskOutcome.Failed(
            m.Failed.Type, m.Failed.Message, m.Failed.Retryable, m.Failed.HasProgress ? m.Failed.Progress.ToPayload() : null)
        {
            RetryAfter = m.Failed.HasRetryAfterTicks ? TimeSpan.FromTicks(m.Failed.RetryAfterTicks) : null,
        },
        Report.OutcomeOneofCase.Cancelled => TaskOutcome.Cancelled.Instance,
        Report.OutcomeOneofCase.Abandoned => TaskOutcome.Abandoned.Instance,
        Report.OutcomeOneofCase.Released => TaskOutcome.Released.Instance,
        Report.OutcomeOneofCase.Lost => TaskOutcome.Lost.Instance,
        _ => throw new InvalidOperationException("The report holds an outcome that this version does not know."),
    });

    private static WorkflowReply.Ended FromMessage(Ended m) => new(
        m.WorkflowId,
        m.Definition.ToReference(),
        (RunOutcome)m.Outcome,
        m.Output.ToPayload(),
        m.Error?.ToError(),
        m.HasReason ? m.Reason : null,
        [.. m.Failures.Select(task => new ActorFlow.FailedTask(task.Path, task.Type, task.Message, task.Attempts))],
        m.StartedAtTicks.ToTime(),
        m.ClosedAtTicks.ToTime());

    private static WorkflowReply.Status FromMessage(Status m) => new(
        m.WorkflowId,
        m.Definition.ToReference(),
        new(m.Tasks, m.Settled, m.Outstanding),
        m.HasStopping ? m.Stopping : null,
        m.HasNextDueTicks ? m.NextDueTicks.ToTime() : null)
    {
        WaitingFor = [.. m.WaitingFor],
    };

    private static WorkflowName Name(string workflowId) => new() { WorkflowId = workflowId };
}
