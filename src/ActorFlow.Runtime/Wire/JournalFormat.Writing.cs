using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Journal;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>Commits to the bytes of a journal row, and back.</summary>
internal static partial class JournalFormat
{
    public static byte[] Write(CommitBatch batch) => ToMessage(batch).ToByteArray();

    public static Journal.CommitBatch ToMessage(CommitBatch batch)
    {
        var message = new Journal.CommitBatch();
        foreach (var commit in batch.Commits)
        {
            message.Commits.Add(ToMessage(commit));
        }

        return message;
    }

    private static Commit ToMessage(WorkflowCommit commit)
    {
        var message = new Commit { AtTicks = commit.At.UtcTicks };
        if (commit.CommandId is { } id)
        {
            message.CommandId = id.ToBytes();
        }

        foreach (var @event in commit.Events)
        {
            message.Events.Add(ToMessage(@event));
        }

        return message;
    }

    private static Event ToMessage(WorkflowEvent @event) => @event switch
    {
        WorkflowEvent.Started e => new() { Started = ToMessage(e) },
        WorkflowEvent.TaskSkipped e => new() { TaskSkipped = Place(e.Scope, e.Task) },
        WorkflowEvent.TaskFailed e => new() { TaskFailed = new() { Place = Place(e.Scope, e.Task), Error = e.Error.ToMessage() } },
        WorkflowEvent.TaskReady e => new() { TaskReady = Place(e.Scope, e.Task) },
        WorkflowEvent.FanOutOpened e => new() { FanOutOpened = new() { Place = Place(e.Scope, e.Task), Items = e.Items.ToBytes() } },
        WorkflowEvent.AttemptsStarted e => new() { AttemptsStarted = ToMessage(e) },
        WorkflowEvent.DelayStarted e => new() { DelayStarted = new() { Execution = e.Execution.ToMessage(), DueAtTicks = e.DueAt.UtcTicks } },
        WorkflowEvent.GroupOpened e => new() { GroupOpened = new() { Execution = e.Execution.ToMessage(), Opened = e.Opened } },
        WorkflowEvent.TaskExecutionCompleted e => new() { TaskExecutionCompleted = ToMessage(e) },
        WorkflowEvent.TaskExecutionFailed e => new() { TaskExecutionFailed = new() { Execution = e.Execution.ToMessage(), Error = e.Error.ToMessage() } },
        WorkflowEvent.TaskExecutionCancelled e => new() { TaskExecutionCancelled = e.Execution.ToMessage() },
        WorkflowEvent.AttemptFailed e => new() { AttemptFailed = ToMessage(e) },
        WorkflowEvent.AttemptLost e => new()
        {
            AttemptLost = new()
            {
                Execution = e.Execution.ToMessage(),
                Number = e.Number,
                Lease = e.Lease.ToMessage(),
                Released = e.Released,
            },
        },
        WorkflowEvent.AttemptCancelled e => new()
        {
            AttemptCancelled = new() { Execution = e.Execution.ToMessage(), Number = e.Number, Undo = ToMessage(e.Undo), Error = e.Error?.ToMessage() },
        },
        WorkflowEvent.WaitEnded e => new() { WaitEnded = e.Execution.ToMessage() },
        WorkflowEvent.DeadlinePassed e => new() { DeadlinePassed = e.Execution.ToMessage() },
        WorkflowEvent.ScopeTimedOut e => new() { ScopeTimedOut = e.Scope },
        WorkflowEvent.OutputFailed e => new() { OutputFailed = e.Error.ToMessage() },
        WorkflowEvent.CancelRequested e => new() { CancelRequested = e.Reason },
        WorkflowEvent.CompensationStarted => new() { CompensationStarted = new() },
        WorkflowEvent.Completed e => new() { Completed = e.Output.ToBytes() },
        WorkflowEvent.Failed e => new() { Failed = e.Error.ToMessage() },
        WorkflowEvent.Cancelled e => new() { Cancelled = e.Reason },
        WorkflowEvent.Terminated e => new() { Terminated = e.Reason },
        WorkflowEvent.SignalReceived e => new() { SignalReceived = new() { Name = e.Name, Payload = e.Payload.ToBytes() } },
        WorkflowEvent.SignalAwaited e => new() { SignalAwaited = ToMessage(e) },
        WorkflowEvent.QuestionAsked e => new() { QuestionAsked = ToMessage(e) },
        WorkflowEvent.ChildRequested e => new() { ChildRequested = ToMessage(e) },
        WorkflowEvent.ChildResolved e => new() { ChildResolved = new() { Execution = e.Execution.ToMessage(), Definition = e.Definition.ToMessage() } },
        WorkflowEvent.ChildTimedOut e => new() { ChildTimedOut = e.Execution.ToMessage() },
        WorkflowEvent.Paused => new() { Paused = new() },
        WorkflowEvent.Resumed => new() { Resumed = new() },
        WorkflowEvent.CheckpointNamed e => new() { CheckpointNamed = e.Name },
        WorkflowEvent.Reopened e => new() { Reopened = ToMessage(e) },
        WorkflowEvent.RewindRequested e => new() { RewindRequested = new() { To = e.To, Image = e.Image.ToMessage() } },
        WorkflowEvent.Rewound e => new() { Rewound = new() { Generation = e.Generation, To = e.To, Image = e.Image?.ToMessage() } },
        _ => throw new InvalidOperationException($"The journal has no form for {@event.GetType().Name}."),
    };

    private static AttemptsStarted ToMessage(WorkflowEvent.AttemptsStarted e)
    {
        var message = new AttemptsStarted();
        foreach (var start in e.Attempts)
        {
            var attempt = new Journal.AttemptStart { Execution = start.Execution.ToMessage(), Number = start.Number };
            if (start.Input is { } input)
            {
                attempt.Input = input.ToBytes();
            }

            attempt.Secrets.Add(start.Secrets.Select(Fields.ToMessage));
            message.Attempts.Add(attempt);
        }

        return message;
    }

    private static TaskExecutionCompleted ToMessage(WorkflowEvent.TaskExecutionCompleted e)
    {
        var message = new TaskExecutionCompleted { Execution = e.Execution.ToMessage(), Output = e.Output.ToBytes(), Undo = ToMessage(e.Undo) };
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

    internal static Undo? ToMessage(UndoInput? undo)
    {
        if (undo is null)
        {
            return null;
        }

        var message = new Undo { Input = undo.Input.ToBytes() };
        message.Secrets.Add(undo.Secrets.Select(Fields.ToMessage));
        if (undo.Error is { } error)
        {
            message.Error = error;
            message.ErrorType = undo.ErrorType;
        }

        return message;
    }

    private static TaskPlace Place(int scope, int task) => new() { Scope = scope, Task = task };
}
