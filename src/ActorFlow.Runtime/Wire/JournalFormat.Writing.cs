using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Journal;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>Commits to the bytes of a journal row, and back.</summary>
internal static partial class JournalFormat
{
    public static byte[] Write(CommitBatch batch)
    {
        var message = new Journal.CommitBatch();
        foreach (var commit in batch.Commits)
        {
            message.Commits.Add(ToMessage(commit));
        }

        return message.ToByteArray();
    }

    private static Commit ToMessage(WorkflowCommit commit)
    {
        var message = new Commit { AtTicks = commit.At.UtcTicks };
        if (commit.CommandId is { } id)
        {
            message.CommandId = ToBytes(id);
        }

        foreach (var @event in commit.Events)
        {
            message.Events.Add(ToMessage(@event));
        }

        return message;
    }

    private static Event ToMessage(WorkflowEvent @event) => @event switch
    {
        WorkflowEvent.Started e => new()
        {
            Started = new()
            {
                WorkflowId = e.WorkflowId,
                RunId = ToBytes(e.RunId),
                Definition = new() { Name = e.Definition.Name, Version = e.Definition.Version, Hash = e.Definition.Hash },
                Input = ToBytes(e.Input),
            },
        },
        WorkflowEvent.TaskSkipped e => new() { TaskSkipped = Place(e.Scope, e.Task) },
        WorkflowEvent.TaskFailed e => new() { TaskFailed = new() { Place = Place(e.Scope, e.Task), Error = ToMessage(e.Error) } },
        WorkflowEvent.TaskReady e => new() { TaskReady = Place(e.Scope, e.Task) },
        WorkflowEvent.FanOutOpened e => new() { FanOutOpened = new() { Place = Place(e.Scope, e.Task), Items = ToBytes(e.Items) } },
        WorkflowEvent.AttemptsStarted e => new() { AttemptsStarted = ToMessage(e) },
        WorkflowEvent.DelayStarted e => new() { DelayStarted = new() { Body = ToMessage(e.Body), DueAtTicks = e.DueAt.UtcTicks } },
        WorkflowEvent.GroupOpened e => new() { GroupOpened = new() { Body = ToMessage(e.Body), Opened = e.Opened } },
        WorkflowEvent.BodyCompleted e => new() { BodyCompleted = ToMessage(e) },
        WorkflowEvent.BodyFailed e => new() { BodyFailed = new() { Body = ToMessage(e.Body), Error = ToMessage(e.Error) } },
        WorkflowEvent.BodyCancelled e => new() { BodyCancelled = ToMessage(e.Body) },
        WorkflowEvent.AttemptFailed e => new() { AttemptFailed = ToMessage(e) },
        WorkflowEvent.AttemptLost e => new()
        {
            AttemptLost = new()
            {
                Body = ToMessage(e.Body),
                Number = e.Number,
                Lease = new() { Epoch = e.Lease.Epoch, Number = e.Lease.Number },
                Released = e.Released,
            },
        },
        WorkflowEvent.AttemptCancelled e => new()
        {
            AttemptCancelled = new() { Body = ToMessage(e.Body), Number = e.Number, Undo = ToMessage(e.Undo) },
        },
        WorkflowEvent.WaitEnded e => new() { WaitEnded = ToMessage(e.Body) },
        WorkflowEvent.DeadlinePassed e => new() { DeadlinePassed = ToMessage(e.Body) },
        WorkflowEvent.ScopeTimedOut e => new() { ScopeTimedOut = e.Scope },
        WorkflowEvent.OutputFailed e => new() { OutputFailed = ToMessage(e.Error) },
        WorkflowEvent.CancelRequested e => new() { CancelRequested = e.Reason },
        WorkflowEvent.CompensationStarted => new() { CompensationStarted = new() },
        WorkflowEvent.Completed e => new() { Completed = ToBytes(e.Output) },
        WorkflowEvent.Failed e => new() { Failed = ToMessage(e.Error) },
        WorkflowEvent.Cancelled e => new() { Cancelled = e.Reason },
        WorkflowEvent.Terminated e => new() { Terminated = e.Reason },
        _ => throw new InvalidOperationException($"The journal has no form for {@event.GetType().Name}."),
    };

    private static AttemptsStarted ToMessage(WorkflowEvent.AttemptsStarted e)
    {
        var message = new AttemptsStarted();
        foreach (var start in e.Attempts)
        {
            var attempt = new Journal.AttemptStart { Body = ToMessage(start.Body), Number = start.Number };
            if (start.Input is { } input)
            {
                attempt.Input = ToBytes(input);
            }

            attempt.Secrets.Add(start.Secrets.Select(ToMessage));
            message.Attempts.Add(attempt);
        }

        return message;
    }

    private static BodyCompleted ToMessage(WorkflowEvent.BodyCompleted e)
    {
        var message = new BodyCompleted { Body = ToMessage(e.Body), Output = ToBytes(e.Output), Undo = ToMessage(e.Undo) };
        if (e.NextIterationAt is { } next)
        {
            message.NextIterationAtTicks = next.UtcTicks;
        }

        if (e.LoopError is { } error)
        {
            message.LoopError = ToMessage(error);
        }

        return message;
    }

    private static AttemptFailed ToMessage(WorkflowEvent.AttemptFailed e)
    {
        var message = new AttemptFailed { Body = ToMessage(e.Body), Number = e.Number, Error = ToMessage(e.Error) };
        if (e.RetryAt is { } retryAt)
        {
            message.RetryAtTicks = retryAt.UtcTicks;
        }

        if (e.Progress is { } progress)
        {
            message.Progress = ToBytes(progress);
        }

        return message;
    }

    private static Undo? ToMessage(UndoInput? undo)
    {
        if (undo is null)
        {
            return null;
        }

        var message = new Undo { Input = ToBytes(undo.Input) };
        message.Secrets.Add(undo.Secrets.Select(ToMessage));
        if (undo.Error is { } error)
        {
            message.Error = error;
            message.ErrorType = undo.ErrorType;
        }

        return message;
    }

    private static Error ToMessage(TaskError error)
    {
        var message = new Error { Type = error.Type, Message = error.Message, Task = error.Task };
        message.Failures.Add(error.Failures.Select(
            failure => new Journal.ElementFailure { Index = failure.Index, Type = failure.Type, Message = failure.Message }));
        return message;
    }

    private static Journal.SecretSlot ToMessage(Core.Expressions.SecretSlot slot) =>
        new() { Pointer = slot.Pointer, Offset = slot.Offset, Name = slot.Name };

    private static Body ToMessage(BodyId body) =>
        new() { Scope = body.Scope, Task = body.Task, Element = body.Element, Iteration = body.Iteration };

    private static TaskPlace Place(int scope, int task) => new() { Scope = scope, Task = task };

    private static ByteString ToBytes(Payload payload) => UnsafeByteOperations.UnsafeWrap(payload.Utf8);

    private static ByteString ToBytes(Guid id) => UnsafeByteOperations.UnsafeWrap(id.ToByteArray(bigEndian: true));
}
