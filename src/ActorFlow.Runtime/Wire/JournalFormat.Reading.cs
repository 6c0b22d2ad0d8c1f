using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Journal;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

internal static partial class JournalFormat
{
    /// <summary>The commits of a journal row.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such row.</exception>
    /// <exception cref="InvalidDataException">Something is missing in the row or out of range.</exception>
    /// <exception cref="InvalidOperationException">The row holds an event of a later version.</exception>
    public static CommitBatch Read(ReadOnlySpan<byte> bytes) =>
        FromMessage(Journal.CommitBatch.Parser.ParseFrom(bytes));

    /// <inheritdoc cref="Read"/>
    public static CommitBatch FromMessage(Journal.CommitBatch batch) => new([.. batch.Commits.Select(FromMessage)]);

    private static WorkflowCommit FromMessage(Commit commit) => new(
        commit.AtTicks.ToTime(),
        commit.CommandId.IsEmpty ? null : commit.CommandId.ToGuid(),
        [.. commit.Events.Select(FromMessage)]);

    private static WorkflowEvent FromMessage(Event e) => e.KindCase switch
    {
        Event.KindOneofCase.Started => FromMessage(e.Started),
        Event.KindOneofCase.TaskSkipped => new WorkflowEvent.TaskSkipped(e.TaskSkipped.Scope, e.TaskSkipped.Task),
        Event.KindOneofCase.TaskFailed => FromMessage(e.TaskFailed),
        Event.KindOneofCase.TaskReady => new WorkflowEvent.TaskReady(e.TaskReady.Scope, e.TaskReady.Task),
        Event.KindOneofCase.FanOutOpened => FromMessage(e.FanOutOpened),
        Event.KindOneofCase.AttemptsStarted => new WorkflowEvent.AttemptsStarted([.. e.AttemptsStarted.Attempts.Select(FromMessage)]),
        Event.KindOneofCase.DelayStarted => new WorkflowEvent.DelayStarted(
            e.DelayStarted.Execution.ToExecution(), e.DelayStarted.DueAtTicks.ToTime()),
        Event.KindOneofCase.GroupOpened => new WorkflowEvent.GroupOpened(e.GroupOpened.Execution.ToExecution(), e.GroupOpened.Opened),
        Event.KindOneofCase.TaskExecutionCompleted => FromMessage(e.TaskExecutionCompleted),
        Event.KindOneofCase.TaskExecutionFailed => new WorkflowEvent.TaskExecutionFailed(e.TaskExecutionFailed.Execution.ToExecution(), e.TaskExecutionFailed.Error.ToError()),
        Event.KindOneofCase.TaskExecutionCancelled => new WorkflowEvent.TaskExecutionCancelled(e.TaskExecutionCancelled.ToExecution()),
        Event.KindOneofCase.AttemptFailed => FromMessage(e.AttemptFailed),
        Event.KindOneofCase.AttemptLost => new WorkflowEvent.AttemptLost(
            e.AttemptLost.Execution.ToExecution(),
            e.AttemptLost.Number,
            e.AttemptLost.Lease.ToLease(),
            e.AttemptLost.Released),
        Event.KindOneofCase.AttemptCancelled => new WorkflowEvent.AttemptCancelled(
            e.AttemptCancelled.Execution.ToExecution(), e.AttemptCancelled.Number, FromMessage(e.AttemptCancelled.Undo))
        {
            Error = e.AttemptCancelled.Error is { } error ? error.ToError() : null,
        },
        Event.KindOneofCase.WaitEnded => new WorkflowEvent.WaitEnded(e.WaitEnded.ToExecution()),
        Event.KindOneofCase.DeadlinePassed => new WorkflowEvent.DeadlinePassed(e.DeadlinePassed.ToExecution()),
        Event.KindOneofCase.ScopeTimedOut => new WorkflowEvent.ScopeTimedOut(e.ScopeTimedOut),
        Event.KindOneofCase.OutputFailed => new WorkflowEvent.OutputFailed(e.OutputFailed.ToError()),
        Event.KindOneofCase.CancelRequested => new WorkflowEvent.CancelRequested(e.CancelRequested),
        Event.KindOneofCase.CompensationStarted => new WorkflowEvent.CompensationStarted(),
        Event.KindOneofCase.Completed => new WorkflowEvent.Completed(e.Completed.ToPayload()),
        Event.KindOneofCase.Failed => new WorkflowEvent.Failed(e.Failed.ToError()),
        Event.KindOneofCase.Cancelled => new WorkflowEvent.Cancelled(e.Cancelled),
        Event.KindOneofCase.Terminated => new WorkflowEvent.Terminated(e.Terminated),
        Event.KindOneofCase.SignalReceived => new WorkflowEvent.SignalReceived(e.SignalReceived.Name, e.SignalReceived.Payload.ToPayload()),
        Event.KindOneofCase.SignalAwaited => FromMessage(e.SignalAwaited),
        Event.KindOneofCase.QuestionAsked => FromMessage(e.QuestionAsked),
        Event.KindOneofCase.ChildRequested => FromMessage(e.ChildRequested),
        Event.KindOneofCase.ChildResolved => new WorkflowEvent.ChildResolved(
            e.ChildResolved.Execution.ToExecution(), e.ChildResolved.Definition.ToReference()),
        Event.KindOneofCase.ChildTimedOut => new WorkflowEvent.ChildTimedOut(e.ChildTimedOut.ToExecution()),
        Event.KindOneofCase.Paused => new WorkflowEvent.Paused(),
        Event.KindOneofCase.Resumed => new WorkflowEvent.Resumed(),
        Event.KindOneofCase.CheckpointNamed => new WorkflowEvent.CheckpointNamed(e.CheckpointNamed),
        Event.KindOneofCase.Reopened => new WorkflowEvent.Reopened(e.Reopened.Generation, e.Reopened.HasFrom ? e.Reopened.From : null),
        Event.KindOneofCase.RewindRequested => new WorkflowEvent.RewindRequested(e.RewindRequested.To, e.RewindRequested.Image.ToImage()),
        Event.KindOneofCase.Rewound => new WorkflowEvent.Rewound(e.Rewound.Generation, e.Rewound.To, e.Rewound.Image?.ToImage()),
        _ => throw new InvalidOperationException("The journal holds an event that this version does not know. Was it written by a later one?"),
    };

    private static WorkflowEvent.TaskFailed FromMessage(TaskFailed e) =>
        e.Place is { } place ? new(place.Scope, place.Task, e.Error.ToError()) : throw Fields.Missing("place");

    private static WorkflowEvent.FanOutOpened FromMessage(FanOutOpened e) =>
        e.Place is { } place ? new(place.Scope, place.Task, e.Items.ToPayload()) : throw Fields.Missing("place");

    private static WorkflowEvent.TaskExecutionCompleted FromMessage(TaskExecutionCompleted e) => new(
        e.Execution.ToExecution(),
        e.Output.ToPayload(),
        FromMessage(e.Undo),
        e.HasNextIterationAtTicks ? e.NextIterationAtTicks.ToTime() : null,
        e.LoopError is null ? null : e.LoopError.ToError());

    private static WorkflowEvent.AttemptFailed FromMessage(AttemptFailed e) => new(
        e.Execution.ToExecution(),
        e.Number,
        e.Error.ToError(),
        e.HasRetryAtTicks ? e.RetryAtTicks.ToTime() : null,
        e.HasProgress ? e.Progress.ToPayload() : null);

    private static Core.Workflows.AttemptStart FromMessage(Journal.AttemptStart start) => new(
        start.Execution.ToExecution(),
        start.Number,
        start.HasInput ? start.Input.ToPayload() : null,
        start.Secrets.ToSlots());

    internal static UndoInput? FromMessage(Undo? undo) => undo switch
    {
        null => null,
        { HasError: true } => new(undo.Input.ToPayload(), undo.Secrets.ToSlots(), undo.Error) { ErrorType = undo.ErrorType },
        _ => new(undo.Input.ToPayload(), undo.Secrets.ToSlots(), null),
    };
}
