using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Kind = ActorFlow.Runtime.Wire.Journal.Event.KindOneofCase;

namespace ActorFlow.Runtime.Wire.Journal;

/// <summary>What happens to tasks and their executions.</summary>
internal static class TaskEvents
{
    public static ImmutableArray<EventCodec> All { get; } =
    [
        EventCodec.Of(
            Kind.TaskReady,
            (WorkflowEvent.TaskReady e) => new() { TaskReady = Place(e.Scope, e.Task) },
            e => new(e.TaskReady.Scope, e.TaskReady.Task)),
        EventCodec.Of(
            Kind.TaskSkipped,
            (WorkflowEvent.TaskSkipped e) => new() { TaskSkipped = Place(e.Scope, e.Task) },
            e => new(e.TaskSkipped.Scope, e.TaskSkipped.Task)),
        EventCodec.Of(
            Kind.TaskFailed,
            (WorkflowEvent.TaskFailed e) => new() { TaskFailed = new() { Place = Place(e.Scope, e.Task), Error = e.Error.ToMessage() } },
            e => FromMessage(e.TaskFailed)),
        EventCodec.Of(
            Kind.FanOutOpened,
            (WorkflowEvent.FanOutOpened e) => new() { FanOutOpened = new() { Place = Place(e.Scope, e.Task), Items = e.Items.ToBytes() } },
            e => FromMessage(e.FanOutOpened)),
        EventCodec.Of(
            Kind.GroupOpened,
            (WorkflowEvent.GroupOpened e) => new() { GroupOpened = new() { Execution = e.Execution.ToMessage(), Opened = e.Opened } },
            e => new(e.GroupOpened.Execution.ToExecution(), e.GroupOpened.Opened)),
        EventCodec.Of(
            Kind.TaskExecutionCompleted,
            (WorkflowEvent.TaskExecutionCompleted e) => new() { TaskExecutionCompleted = ToMessage(e) },
            e => FromMessage(e.TaskExecutionCompleted)),
        EventCodec.Of(
            Kind.TaskExecutionFailed,
            (WorkflowEvent.TaskExecutionFailed e) => new() { TaskExecutionFailed = new() { Execution = e.Execution.ToMessage(), Error = e.Error.ToMessage() } },
            e => new(e.TaskExecutionFailed.Execution.ToExecution(), e.TaskExecutionFailed.Error.ToError())),
        EventCodec.Of(
            Kind.TaskExecutionCancelled,
            (WorkflowEvent.TaskExecutionCancelled e) => new() { TaskExecutionCancelled = e.Execution.ToMessage() },
            e => new(e.TaskExecutionCancelled.ToExecution())),
    ];

    private static WorkflowEvent.TaskFailed FromMessage(TaskFailed e) =>
        e.Place is { } place ? new(place.Scope, place.Task, e.Error.ToError()) : throw Fields.Missing("place");

    private static WorkflowEvent.FanOutOpened FromMessage(FanOutOpened e) =>
        e.Place is { } place ? new(place.Scope, place.Task, e.Items.ToPayload()) : throw Fields.Missing("place");

    private static TaskExecutionCompleted ToMessage(WorkflowEvent.TaskExecutionCompleted e)
    {
        var message = new TaskExecutionCompleted { Execution = e.Execution.ToMessage(), Output = e.Output.ToBytes(), Undo = e.Undo.ToMessage() };
        if (e.NextIterationAt is { } next)
        {
            message.NextIterationAtTicks = next.UtcTicks;
        }

        if (e.LoopError is { } error)
        {
            message.LoopError = error.ToMessage();
        }

        return message;
    }

    private static WorkflowEvent.TaskExecutionCompleted FromMessage(TaskExecutionCompleted e) => new(
        e.Execution.ToExecution(),
        e.Output.ToPayload(),
        e.Undo.ToUndo(),
        e.HasNextIterationAtTicks ? e.NextIterationAtTicks.ToTime() : null,
        e.LoopError is null ? null : e.LoopError.ToError());

    private static TaskPlace Place(int scope, int task) => new() { Scope = scope, Task = task };
}
