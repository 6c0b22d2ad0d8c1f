using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Kind = ActorFlow.Runtime.Wire.Journal.Event.KindOneofCase;

namespace ActorFlow.Runtime.Wire.Journal;

/// <summary>What a run waits for: times, signals, answers, children.</summary>
internal static class WaitEvents
{
    public static ImmutableArray<EventCodec> All { get; } =
    [
        EventCodec.Of(
            Kind.DelayStarted,
            (WorkflowEvent.DelayStarted e) => new() { DelayStarted = new() { Execution = e.Execution.ToMessage(), DueAtTicks = e.DueAt.UtcTicks } },
            e => new(e.DelayStarted.Execution.ToExecution(), e.DelayStarted.DueAtTicks.ToTime())),
        EventCodec.Of(
            Kind.WaitEnded,
            (WorkflowEvent.WaitEnded e) => new() { WaitEnded = e.Execution.ToMessage() },
            e => new(e.WaitEnded.ToExecution())),
        EventCodec.Of(
            Kind.DeadlinePassed,
            (WorkflowEvent.DeadlinePassed e) => new() { DeadlinePassed = e.Execution.ToMessage() },
            e => new(e.DeadlinePassed.ToExecution())),
        EventCodec.Of(
            Kind.SignalReceived,
            (WorkflowEvent.SignalReceived e) => new() { SignalReceived = new() { Name = e.Name, Payload = e.Payload.ToBytes() } },
            e => new(e.SignalReceived.Name, e.SignalReceived.Payload.ToPayload())),
        EventCodec.Of(
            Kind.SignalAwaited,
            (WorkflowEvent.SignalAwaited e) => new() { SignalAwaited = ToMessage(e) },
            e => FromMessage(e.SignalAwaited)),
        EventCodec.Of(
            Kind.QuestionAsked,
            (WorkflowEvent.QuestionAsked e) => new() { QuestionAsked = ToMessage(e) },
            e => FromMessage(e.QuestionAsked)),
        EventCodec.Of(
            Kind.ChildRequested,
            (WorkflowEvent.ChildRequested e) => new() { ChildRequested = ToMessage(e) },
            e => FromMessage(e.ChildRequested)),
        EventCodec.Of(
            Kind.ChildResolved,
            (WorkflowEvent.ChildResolved e) => new() { ChildResolved = new() { Execution = e.Execution.ToMessage(), Definition = e.Definition.ToMessage() } },
            e => new(e.ChildResolved.Execution.ToExecution(), e.ChildResolved.Definition.ToReference())),
        EventCodec.Of(
            Kind.ChildTimedOut,
            (WorkflowEvent.ChildTimedOut e) => new() { ChildTimedOut = e.Execution.ToMessage() },
            e => new(e.ChildTimedOut.ToExecution())),
    ];

    private static TaskExecutionWait ToMessage(WorkflowEvent.SignalAwaited e)
    {
        var message = new TaskExecutionWait { Execution = e.Execution.ToMessage() };
        e.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        return message;
    }

    private static WorkflowEvent.SignalAwaited FromMessage(TaskExecutionWait e) =>
        new(e.Execution.ToExecution(), e.TimeoutAtTicks.ToTime(e.HasTimeoutAtTicks));

    private static QuestionAsked ToMessage(WorkflowEvent.QuestionAsked e)
    {
        var message = new QuestionAsked { Execution = e.Execution.ToMessage(), Prompt = e.Prompt };
        e.Options.Set(options => message.Options = options);
        e.Assignees.Set(assignees => message.Assignees = assignees);
        e.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        return message;
    }

    private static WorkflowEvent.QuestionAsked FromMessage(QuestionAsked e) => new(
        e.Execution.ToExecution(),
        e.Prompt,
        e.Options.ToPayload(e.HasOptions),
        e.Assignees.ToPayload(e.HasAssignees),
        e.TimeoutAtTicks.ToTime(e.HasTimeoutAtTicks));

    private static ChildRequested ToMessage(WorkflowEvent.ChildRequested e)
    {
        var message = new ChildRequested { Execution = e.Execution.ToMessage(), Number = e.Number, ChildId = e.ChildId, Input = e.Input.ToBytes() };
        e.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        return message;
    }

    private static WorkflowEvent.ChildRequested FromMessage(ChildRequested e) => new(
        e.Execution.ToExecution(), e.Number, e.ChildId, e.Input.ToPayload(), e.TimeoutAtTicks.ToTime(e.HasTimeoutAtTicks));
}
