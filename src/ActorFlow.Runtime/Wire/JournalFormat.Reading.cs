using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Journal;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ActorFlow.Runtime.Wire;

internal static partial class JournalFormat
{
    /// <summary>The commits of a journal row.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such row.</exception>
    /// <exception cref="InvalidOperationException">The row holds an event of a later version.</exception>
    public static CommitBatch Read(ReadOnlySpan<byte> bytes) =>
        new([.. Journal.CommitBatch.Parser.ParseFrom(bytes).Commits.Select(FromMessage)]);

    private static WorkflowCommit FromMessage(Commit commit) => new(
        FromTicks(commit.AtTicks),
        commit.CommandId.IsEmpty ? null : ToGuid(commit.CommandId),
        [.. commit.Events.Select(FromMessage)]);

    private static WorkflowEvent FromMessage(Event e) => e.KindCase switch
    {
        Event.KindOneofCase.Started => new WorkflowEvent.Started(
            e.Started.WorkflowId,
            ToGuid(e.Started.RunId),
            new(e.Started.Definition.Name, e.Started.Definition.Version, e.Started.Definition.Hash),
            ToPayload(e.Started.Input)),
        Event.KindOneofCase.TaskSkipped => new WorkflowEvent.TaskSkipped(e.TaskSkipped.Scope, e.TaskSkipped.Task),
        Event.KindOneofCase.TaskFailed => new WorkflowEvent.TaskFailed(
            e.TaskFailed.Place.Scope, e.TaskFailed.Place.Task, FromMessage(e.TaskFailed.Error)),
        Event.KindOneofCase.TaskReady => new WorkflowEvent.TaskReady(e.TaskReady.Scope, e.TaskReady.Task),
        Event.KindOneofCase.FanOutOpened => new WorkflowEvent.FanOutOpened(
            e.FanOutOpened.Place.Scope, e.FanOutOpened.Place.Task, ToPayload(e.FanOutOpened.Items)),
        Event.KindOneofCase.AttemptsStarted => new WorkflowEvent.AttemptsStarted([.. e.AttemptsStarted.Attempts.Select(FromMessage)]),
        Event.KindOneofCase.DelayStarted => new WorkflowEvent.DelayStarted(
            FromMessage(e.DelayStarted.Body), FromTicks(e.DelayStarted.DueAtTicks)),
        Event.KindOneofCase.GroupOpened => new WorkflowEvent.GroupOpened(FromMessage(e.GroupOpened.Body), e.GroupOpened.Opened),
        Event.KindOneofCase.BodyCompleted => FromMessage(e.BodyCompleted),
        Event.KindOneofCase.BodyFailed => new WorkflowEvent.BodyFailed(FromMessage(e.BodyFailed.Body), FromMessage(e.BodyFailed.Error)),
        Event.KindOneofCase.BodyCancelled => new WorkflowEvent.BodyCancelled(FromMessage(e.BodyCancelled)),
        Event.KindOneofCase.AttemptFailed => FromMessage(e.AttemptFailed),
        Event.KindOneofCase.AttemptLost => new WorkflowEvent.AttemptLost(
            FromMessage(e.AttemptLost.Body),
            e.AttemptLost.Number,
            new(e.AttemptLost.Lease.Epoch, e.AttemptLost.Lease.Number),
            e.AttemptLost.Released),
        Event.KindOneofCase.AttemptCancelled => new WorkflowEvent.AttemptCancelled(
            FromMessage(e.AttemptCancelled.Body), e.AttemptCancelled.Number, FromMessage(e.AttemptCancelled.Undo)),
        Event.KindOneofCase.WaitEnded => new WorkflowEvent.WaitEnded(FromMessage(e.WaitEnded)),
        Event.KindOneofCase.DeadlinePassed => new WorkflowEvent.DeadlinePassed(FromMessage(e.DeadlinePassed)),
        Event.KindOneofCase.ScopeTimedOut => new WorkflowEvent.ScopeTimedOut(e.ScopeTimedOut),
        Event.KindOneofCase.OutputFailed => new WorkflowEvent.OutputFailed(FromMessage(e.OutputFailed)),
        Event.KindOneofCase.CancelRequested => new WorkflowEvent.CancelRequested(e.CancelRequested),
        Event.KindOneofCase.CompensationStarted => new WorkflowEvent.CompensationStarted(),
        Event.KindOneofCase.Completed => new WorkflowEvent.Completed(ToPayload(e.Completed)),
        Event.KindOneofCase.Failed => new WorkflowEvent.Failed(FromMessage(e.Failed)),
        Event.KindOneofCase.Cancelled => new WorkflowEvent.Cancelled(e.Cancelled),
        Event.KindOneofCase.Terminated => new WorkflowEvent.Terminated(e.Terminated),
        _ => throw new InvalidOperationException("The journal holds an event that this version does not know. Was it written by a later one?"),
    };

    private static WorkflowEvent.BodyCompleted FromMessage(BodyCompleted e) => new(
        FromMessage(e.Body),
        ToPayload(e.Output),
        FromMessage(e.Undo),
        e.HasNextIterationAtTicks ? FromTicks(e.NextIterationAtTicks) : null,
        e.LoopError is null ? null : FromMessage(e.LoopError));

    private static WorkflowEvent.AttemptFailed FromMessage(AttemptFailed e) => new(
        FromMessage(e.Body),
        e.Number,
        FromMessage(e.Error),
        e.HasRetryAtTicks ? FromTicks(e.RetryAtTicks) : null,
        e.HasProgress ? ToPayload(e.Progress) : null);

    private static Core.Workflows.AttemptStart FromMessage(Journal.AttemptStart start) => new(
        FromMessage(start.Body),
        start.Number,
        start.HasInput ? ToPayload(start.Input) : null,
        FromMessages(start.Secrets));

    private static UndoInput? FromMessage(Undo? undo) => undo switch
    {
        null => null,
        { HasError: true } => new(ToPayload(undo.Input), FromMessages(undo.Secrets), undo.Error) { ErrorType = undo.ErrorType },
        _ => new(ToPayload(undo.Input), FromMessages(undo.Secrets), null),
    };

    private static TaskError FromMessage(Error error) => new(error.Type, error.Message, error.Task)
    {
        Failures = [.. error.Failures.Select(failure => new Core.Workflows.ElementFailure(failure.Index, failure.Type, failure.Message))],
    };

    private static ImmutableArray<Core.Expressions.SecretSlot> FromMessages(RepeatedField<Journal.SecretSlot> slots) =>
        slots.Count == 0 ? [] : [.. slots.Select(slot => new Core.Expressions.SecretSlot(slot.Pointer, slot.Offset, slot.Name))];

    private static BodyId FromMessage(Body body) => new(body.Scope, body.Task, body.Element, body.Iteration);

    private static Payload ToPayload(ByteString bytes) => Payload.FromTrustedUtf8(bytes.Memory);

    private static Guid ToGuid(ByteString bytes) => new(bytes.Span, bigEndian: true);

    private static DateTimeOffset FromTicks(long ticks) => new(ticks, TimeSpan.Zero);
}
