using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Messages;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ActorFlow.Runtime.Wire;

/// <summary>
/// The fields that many messages share, to and from their form on the wire. What is missing or out of range is an
/// <see cref="InvalidDataException"/>: the bytes are damaged, or of somebody else.
/// </summary>
internal static class Fields
{
    public static InvalidDataException Missing(string what) => new($"The bytes hold a message without its {what}.");

    public static ByteString ToBytes(this Payload payload) =>
        PayloadCollector.Refer(payload) ?? UnsafeByteOperations.UnsafeWrap(payload.Utf8);

    public static Payload ToPayload(this ByteString bytes) =>
        bytes.IsEmpty ? throw new InvalidDataException("The bytes hold no JSON where a payload belongs.")
        : PayloadReference.Is(bytes.Span) ? PayloadResolver.Resolve(bytes.Span)
        : Payload.FromTrustedUtf8(bytes.Memory);

    public static ByteString ToBytes(this Guid id) => UnsafeByteOperations.UnsafeWrap(id.ToByteArray(bigEndian: true));

    public static Guid ToGuid(this ByteString bytes) =>
        bytes.Length == 16 ? new(bytes.Span, bigEndian: true) : throw new InvalidDataException($"The bytes hold an id of {bytes.Length} bytes instead of 16.");

    public static DateTimeOffset ToTime(this long ticks) =>
        ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new(ticks, TimeSpan.Zero)
            : throw new InvalidDataException($"The bytes hold a time out of range: {ticks} ticks.");

    public static Journal.TaskExecution ToMessage(this TaskExecutionId execution) =>
        new() { Scope = execution.Scope, Task = execution.Task, Element = execution.Element, Iteration = execution.Iteration };

    public static TaskExecutionId ToExecution(this Journal.TaskExecution? execution) =>
        execution is null ? throw Missing("execution") : new(execution.Scope, execution.Task, execution.Element, execution.Iteration);

    public static Journal.Lease ToMessage(this LeaseId lease) => new() { Epoch = lease.Epoch, Number = lease.Number };

    public static LeaseId ToLease(this Journal.Lease? lease) => lease is null ? throw Missing("lease") : new(lease.Epoch, lease.Number);

    public static Journal.Definition ToMessage(this DefinitionReference definition) =>
        new() { Name = definition.Name, Version = definition.Version, Hash = definition.Hash };

    public static DefinitionReference ToReference(this Journal.Definition? definition) =>
        definition is null ? throw Missing("definition") : new(definition.Name, definition.Version, definition.Hash);

    public static Journal.SecretSlot ToMessage(this Core.Expressions.SecretSlot slot) =>
        new() { Pointer = slot.Pointer, Offset = slot.Offset, Name = slot.Name };

    public static ImmutableArray<Core.Expressions.SecretSlot> ToSlots(this RepeatedField<Journal.SecretSlot> slots) =>
        slots.Count == 0 ? [] : [.. slots.Select(slot => new Core.Expressions.SecretSlot(slot.Pointer, slot.Offset, slot.Name))];

    public static Journal.Error ToMessage(this TaskError error)
    {
        var message = new Journal.Error { Type = error.Type, Message = error.Message, Task = error.Task };
        message.Failures.Add(error.Failures.Select(
            failure => new Journal.ElementFailure { Index = failure.Index, Type = failure.Type, Message = failure.Message }));
        return message;
    }

    public static TaskError ToError(this Journal.Error? error) => error is null ? throw Missing("error") : new(error.Type, error.Message, error.Task)
    {
        Failures = [.. error.Failures.Select(failure => new ElementFailure(failure.Index, failure.Type, failure.Message))],
    };

    public static Attempt ToMessage(this AttemptId attempt) => new()
    {
        RunId = attempt.RunId.ToBytes(),
        Generation = attempt.Generation,
        Execution = attempt.Execution.ToMessage(),
        Number = attempt.Number,
    };

    public static AttemptId ToAttempt(this Attempt attempt) =>
        new(attempt.RunId.ToGuid(), attempt.Generation, attempt.Execution.ToExecution(), attempt.Number);

    public static ImmutableArray<AttemptId> ToAttempts(this RepeatedField<Attempt> attempts) => [.. attempts.Select(ToAttempt)];

    public static Order ToMessage(this TaskOrder order)
    {
        var message = new Order
        {
            Attempt = order.Attempt.ToMessage(),
            Path = order.Path,
            Handler = order.Handler,
            Queue = order.Queue,
            Priority = order.Priority,
            Input = order.WithheldBytes > 0 ? ByteString.Empty : order.Input.ToBytes(),
            InputBytes = order.WithheldBytes,
            TimeoutTicks = order.Timeout.Ticks,
            ReadyAtTicks = order.ReadyAt.UtcTicks,
            Trace = order.Trace?.ToMessage(),
        };
        message.Secrets.Add(order.Secrets.Select(ToMessage));
        if (order.Heartbeat is { } heartbeat)
        {
            message.HeartbeatTicks = heartbeat.Ticks;
        }

        if (order.PreviousProgress is { } progress)
        {
            message.PreviousProgress = progress.ToBytes();
        }

        if (order.Directory is { } directory)
        {
            message.Directory = directory;
        }

        return message;
    }

    public static TaskOrder ToOrder(this Order order) => new(
        order.Attempt.ToAttempt(),
        order.Path,
        order.Handler,
        order.Queue,
        order.Priority,
        order.InputBytes > 0 ? Payload.Null : order.Input.ToPayload(),
        order.Secrets.ToSlots(),
        TimeSpan.FromTicks(order.TimeoutTicks),
        order.HasHeartbeatTicks ? TimeSpan.FromTicks(order.HeartbeatTicks) : null,
        order.ReadyAtTicks.ToTime(),
        order.HasPreviousProgress ? order.PreviousProgress.ToPayload() : null)
    {
        WithheldBytes = order.InputBytes,
        Directory = order.HasDirectory ? order.Directory : null,
        Trace = order.Trace.ToTrace(),
    };
}
