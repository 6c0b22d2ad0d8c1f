using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Kind = ActorFlow.Runtime.Wire.Journal.Event.KindOneofCase;

namespace ActorFlow.Runtime.Wire.Journal;

/// <summary>What becomes of attempts.</summary>
internal static class AttemptEvents
{
    public static ImmutableArray<EventCodec> All { get; } =
    [
        EventCodec.Of(
            Kind.AttemptsStarted,
            (WorkflowEvent.AttemptsStarted e) => new() { AttemptsStarted = ToMessage(e) },
            e => FromMessage(e.AttemptsStarted)),
        EventCodec.Of(
            Kind.AttemptFailed,
            (WorkflowEvent.AttemptFailed e) => new() { AttemptFailed = ToMessage(e) },
            e => FromMessage(e.AttemptFailed)),
        EventCodec.Of(
            Kind.AttemptLost,
            (WorkflowEvent.AttemptLost e) => new()
            {
                AttemptLost = new() { Execution = e.Execution.ToMessage(), Number = e.Number, Lease = e.Lease.ToMessage(), Released = e.Released },
            },
            e => new(e.AttemptLost.Execution.ToExecution(), e.AttemptLost.Number, e.AttemptLost.Lease.ToLease(), e.AttemptLost.Released)),
        EventCodec.Of(
            Kind.AttemptCancelled,
            (WorkflowEvent.AttemptCancelled e) => new() { AttemptCancelled = ToMessage(e) },
            e => FromMessage(e.AttemptCancelled)),
    ];

    private static AttemptsStarted ToMessage(WorkflowEvent.AttemptsStarted e)
    {
        var message = new AttemptsStarted();
        foreach (var start in e.Attempts)
        {
            var attempt = new AttemptStart { Execution = start.Execution.ToMessage(), Number = start.Number };
            if (start.Input is { } input)
            {
                attempt.Input = input.ToBytes();
            }

            attempt.Secrets.Add(start.Secrets.Select(Fields.ToMessage));
            message.Attempts.Add(attempt);
        }

        return message;
    }

    private static WorkflowEvent.AttemptsStarted FromMessage(AttemptsStarted e) => new([.. e.Attempts.Select(FromMessage)]);

    private static Core.Workflows.AttemptStart FromMessage(AttemptStart start) => new(
        start.Execution.ToExecution(),
        start.Number,
        start.HasInput ? start.Input.ToPayload() : null,
        start.Secrets.ToSlots());

    private static AttemptFailed ToMessage(WorkflowEvent.AttemptFailed e)
    {
        var message = new AttemptFailed { Execution = e.Execution.ToMessage(), Number = e.Number, Error = e.Error.ToMessage() };
        if (e.RetryAt is { } retryAt)
        {
            message.RetryAtTicks = retryAt.UtcTicks;
        }

        if (e.Progress is { } progress)
        {
            message.Progress = progress.ToBytes();
        }

        return message;
    }

    private static WorkflowEvent.AttemptFailed FromMessage(AttemptFailed e) => new(
        e.Execution.ToExecution(),
        e.Number,
        e.Error.ToError(),
        e.HasRetryAtTicks ? e.RetryAtTicks.ToTime() : null,
        e.HasProgress ? e.Progress.ToPayload() : null);

    private static AttemptCancelled ToMessage(WorkflowEvent.AttemptCancelled e) =>
        new() { Execution = e.Execution.ToMessage(), Number = e.Number, Undo = e.Undo.ToMessage(), Error = e.Error?.ToMessage() };

    private static WorkflowEvent.AttemptCancelled FromMessage(AttemptCancelled e) => new(e.Execution.ToExecution(), e.Number, e.Undo.ToUndo())
    {
        Error = e.Error?.ToError(),
    };
}
