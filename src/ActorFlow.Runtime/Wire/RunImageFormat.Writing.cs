using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>The image of an open run to its stored form, and back.</summary>
internal static partial class RunImageFormat
{
    private const int GuidBytes = 16;

    public static Journal.RunImage ToMessage(this RunImage image)
    {
        var message = new Journal.RunImage
        {
            WorkflowId = image.WorkflowId,
            RunId = image.RunId.ToBytes(),
            Generation = image.Generation,
            Definition = image.Definition.ToMessage(),
            Input = image.Input.ToBytes(),
            StartedAtTicks = image.StartedAt.UtcTicks,
            AtTicks = image.At.UtcTicks,
            Parent = image.Parent?.ToMessage(),
            Origin = image.Origin?.ToMessage(),
            Paused = image.Paused,
            NextScope = image.NextScope,
            Elements = image.Elements,
            SettledElements = image.SettledElements,
            Bytes = image.Bytes,
            NextSignal = image.NextSignal,
            NextWait = image.NextWait,
            Compensating = image.Compensating,
            Undoing = image.Undoing is { } undoing ? ToMessage(undoing) : null,
            UndoNumber = image.UndoNumber,
            Commands = Pack(image.Commands.AsSpan()),
            Rewinding = image.Rewinding is { } rewind ? new() { To = rewind.To, Image = rewind.Image.ToMessage() } : null,
        };
        message.Companions.Add(image.Companions.Select(Fields.ToMessage));
        message.Tags.Add(image.Tags);
        message.Scopes.Add(image.Scopes.Select(ToMessage));
        message.Signals.Add(image.Signals.Select(ToMessage));
        message.Undos.Add(image.Undos.Select(ToMessage));
        message.Failures.Add(image.Failures.Select(ToMessage));
        if (image.Directory is { } directory)
        {
            message.Directory = directory;
        }

        return message;
    }

    private static ByteString Pack(ReadOnlySpan<Guid> ids)
    {
        var bytes = new byte[ids.Length * GuidBytes];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i].TryWriteBytes(bytes.AsSpan(i * GuidBytes), bigEndian: true, out _);
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static Journal.ScopeImage ToMessage(ScopeImage scope)
    {
        var message = new Journal.ScopeImage { Id = scope.Id, Owner = scope.Owner.ToMessage() };
        if (scope.Stop is { } stop)
        {
            message.Stop = new() { Error = stop.Error?.ToMessage(), Reason = stop.Reason };
        }

        scope.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        message.Tasks.Add(scope.Tasks.Select(ToMessage));
        return message;
    }

    private static Journal.TaskImage ToMessage(TaskImage task)
    {
        var message = new Journal.TaskImage
        {
            Phase = ToMessage(task.Phase),
            Waiting = task.Waiting,
            Arrived = task.Arrived,
            Decided = task.Decided,
            Starts = task.Starts,
            Error = task.Error?.ToMessage(),
            Execution = task.Execution is { } execution ? ToMessage(execution) : null,
            Fan = task.Fan is { } fan ? ToMessage(fan) : null,
        };
        task.Output.Set(output => message.Output = output);
        return message;
    }

    private static Journal.FanImage ToMessage(FanImage fan)
    {
        var message = new Journal.FanImage
        {
            Next = fan.Next,
            Active = fan.Active,
            Unsettled = fan.Unsettled,
            Failed = fan.Failed,
            Listed = fan.Listed,
            Bytes = fan.Bytes,
        };
        message.Items.Add(fan.Items.Select(Fields.ToBytes));
        message.Elements.Add(fan.Elements.Select(ToMessage));
        return message;
    }

    private static Journal.TaskExecutionImage ToMessage(TaskExecutionState execution)
    {
        var message = new Journal.TaskExecutionImage
        {
            Phase = ToMessage(execution.Phase),
            Iteration = execution.Iteration,
            Attempt = execution.Attempt,
            AttemptBase = execution.AttemptBase,
            Error = execution.Error?.ToMessage(),
            ReadyAtTicks = execution.ReadyAt.UtcTicks,
            Lost = execution.Lost == LeaseId.None ? null : execution.Lost.ToMessage(),
            Losses = execution.Losses,
            Withdrawn = execution.Withdrawn,
            Opened = execution.Opened,
            Wait = execution.Wait,
            Question = execution.Question is { } question ? ToMessage(question) : null,
            Child = execution.Child is { } child ? new() { ChildId = child.ChildId, Definition = child.Definition?.ToMessage() } : null,
        };
        execution.Input.Set(input => message.Input = input);
        message.Secrets.Add(execution.Secrets.Select(Fields.ToMessage));
        execution.Output.Set(output => message.Output = output);
        execution.DueAt.Set(ticks => message.DueAtTicks = ticks);
        execution.DeadlineAt.Set(ticks => message.DeadlineAtTicks = ticks);
        execution.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        execution.Progress.Set(progress => message.Progress = progress);
        return message;
    }

    private static Journal.QuestionImage ToMessage(QuestionImage question)
    {
        var message = new Journal.QuestionImage { Prompt = question.Prompt };
        question.Options.Set(options => message.Options = options);
        question.Assignees.Set(assignees => message.Assignees = assignees);
        return message;
    }

    private static Journal.SignalImage ToMessage(SignalImage signal) =>
        new() { Number = signal.Number, Name = signal.Name, Payload = signal.Payload.ToBytes() };

    private static Journal.UndoImage ToMessage(UndoImage undo) =>
        new() { TaskOrder = undo.TaskOrder, Path = undo.Path, Undo = JournalFormat.ToMessage(undo.Undo) };

    private static Journal.UndoingImage ToMessage(UndoingImage undoing) =>
        new() { Entry = ToMessage(undoing.Entry), Number = undoing.Number, Execution = ToMessage(undoing.Execution) };

    private static Journal.TaskFailure ToMessage(FailedTask task) =>
        new() { Path = task.Path, Type = task.Type, Message = task.Message, Attempts = task.Attempts };

    // The stored numbers are those of the .proto file, whatever order the phases of the engine are in.
    private static Journal.TaskPhase ToMessage(TaskPhase phase) => phase switch
    {
        TaskPhase.Pending => Journal.TaskPhase.TaskPending,
        TaskPhase.Running => Journal.TaskPhase.TaskRunning,
        TaskPhase.Completed => Journal.TaskPhase.TaskCompleted,
        TaskPhase.Failed => Journal.TaskPhase.TaskFailed,
        TaskPhase.Skipped => Journal.TaskPhase.TaskSkipped,
        TaskPhase.Cancelled => Journal.TaskPhase.TaskCancelled,
        _ => throw new InvalidOperationException($"The phase {phase} of a task has no stored form."),
    };

    private static Journal.TaskExecutionPhase ToMessage(TaskExecutionPhase phase) => phase switch
    {
        TaskExecutionPhase.Queued => Journal.TaskExecutionPhase.TaskExecutionQueued,
        TaskExecutionPhase.Ready => Journal.TaskExecutionPhase.TaskExecutionReady,
        TaskExecutionPhase.Attempting => Journal.TaskExecutionPhase.TaskExecutionAttempting,
        TaskExecutionPhase.Waiting => Journal.TaskExecutionPhase.TaskExecutionWaiting,
        TaskExecutionPhase.Delaying => Journal.TaskExecutionPhase.TaskExecutionDelaying,
        TaskExecutionPhase.Open => Journal.TaskExecutionPhase.TaskExecutionOpen,
        TaskExecutionPhase.AwaitingSignal => Journal.TaskExecutionPhase.TaskExecutionAwaitingSignal,
        TaskExecutionPhase.AwaitingAnswer => Journal.TaskExecutionPhase.TaskExecutionAwaitingAnswer,
        TaskExecutionPhase.AwaitingChild => Journal.TaskExecutionPhase.TaskExecutionAwaitingChild,
        TaskExecutionPhase.Completed => Journal.TaskExecutionPhase.TaskExecutionCompleted,
        TaskExecutionPhase.Failed => Journal.TaskExecutionPhase.TaskExecutionFailed,
        TaskExecutionPhase.Cancelled => Journal.TaskExecutionPhase.TaskExecutionCancelled,
        _ => throw new InvalidOperationException($"The phase {phase} of an execution has no stored form."),
    };
}
