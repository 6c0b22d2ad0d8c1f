using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

internal static partial class RunImageFormat
{
    /// <exception cref="InvalidDataException">Something is missing in the image or out of range.</exception>
    public static RunImage ToImage(this Journal.RunImage? m) => m is null ? throw Fields.Missing("image") : new()
    {
        WorkflowId = m.WorkflowId,
        RunId = m.RunId.ToGuid(),
        Generation = m.Generation,
        Definition = m.Definition.ToReference(),
        Input = m.Input.ToPayload(),
        StartedAt = m.StartedAtTicks.ToTime(),
        At = m.AtTicks.ToTime(),
        Parent = m.Parent.ToLink(),
        Origin = m.Origin.ToOrigin(),
        Companions = m.Companions.ToReferences(),
        Directory = m.HasDirectory ? m.Directory : null,
        Tags = m.Tags.ToTags(),
        Paused = m.Paused,
        Scopes = [.. m.Scopes.Select(FromMessage)],
        NextScope = m.NextScope,
        Elements = m.Elements,
        SettledElements = m.SettledElements,
        Bytes = m.Bytes,
        Signals = [.. m.Signals.Select(signal => new SignalImage(signal.Number, signal.Name, signal.Payload.ToPayload()))],
        NextSignal = m.NextSignal,
        NextWait = m.NextWait,
        Undos = [.. m.Undos.Select(FromMessage)],
        Compensating = m.Compensating,
        Undoing = m.Undoing is { } undoing ? new(FromMessage(undoing.Entry), undoing.Number, FromMessage(undoing.Execution)) : null,
        UndoNumber = m.UndoNumber,
        Failures = [.. m.Failures.Select(task => new FailedTask(task.Path, task.Type, task.Message, task.Attempts))],
        Commands = Unpack(m.Commands),
        Rewinding = m.Rewinding is { } rewind ? new(rewind.To, rewind.Image.ToImage()) : null,
    };

    private static ImmutableArray<Guid> Unpack(ByteString bytes)
    {
        var (count, rest) = Math.DivRem(bytes.Length, GuidBytes);
        if (rest != 0)
        {
            throw new InvalidDataException($"The bytes hold ids of 16 bytes in {bytes.Length} bytes.");
        }

        var ids = ImmutableArray.CreateBuilder<Guid>(count);
        for (var i = 0; i < count; i++)
        {
            ids.Add(new(bytes.Span.Slice(i * GuidBytes, GuidBytes), bigEndian: true));
        }

        return ids.MoveToImmutable();
    }

    private static ScopeImage FromMessage(Journal.ScopeImage m) => new(
        m.Id,
        m.Owner.ToExecution(),
        m.Stop is { } stop ? new(stop.Error?.ToError(), stop.Reason) : null,
        m.TimeoutAtTicks.ToTime(m.HasTimeoutAtTicks),
        [.. m.Tasks.Select(FromMessage)]);

    private static TaskImage FromMessage(Journal.TaskImage m) => new()
    {
        Phase = FromMessage(m.Phase),
        Waiting = m.Waiting,
        Arrived = m.Arrived,
        Decided = m.Decided,
        Starts = m.Starts,
        Output = m.Output.ToPayload(m.HasOutput),
        Error = m.Error?.ToError(),
        Execution = m.Execution is { } execution ? FromMessage(execution) : null,
        Fan = m.Fan is { } fan ? FromMessage(fan) : null,
    };

    private static FanImage FromMessage(Journal.FanImage m) => new(
        [.. m.Items.Select(Fields.ToPayload)],
        [.. m.Elements.Select(FromMessage)],
        m.Next,
        m.Active,
        m.Unsettled,
        m.Failed,
        m.Listed,
        m.Bytes);

    private static TaskExecutionState FromMessage(Journal.TaskExecutionImage? m) => m is null ? throw Fields.Missing("execution's image") : new()
    {
        Phase = FromMessage(m.Phase),
        Iteration = m.Iteration,
        Attempt = m.Attempt,
        AttemptBase = m.AttemptBase,
        Input = m.Input.ToPayload(m.HasInput),
        Secrets = m.Secrets.ToSlots(),
        Output = m.Output.ToPayload(m.HasOutput),
        Error = m.Error?.ToError(),
        ReadyAt = m.ReadyAtTicks.ToTime(),
        DueAt = m.DueAtTicks.ToTime(m.HasDueAtTicks),
        DeadlineAt = m.DeadlineAtTicks.ToTime(m.HasDeadlineAtTicks),
        TimeoutAt = m.TimeoutAtTicks.ToTime(m.HasTimeoutAtTicks),
        Lost = m.Lost?.ToLease() ?? LeaseId.None,
        Losses = m.Losses,
        Progress = m.Progress.ToPayload(m.HasProgress),
        Withdrawn = m.Withdrawn,
        Opened = m.Opened,
        Wait = m.Wait,
        Question = m.Question is { } question ? FromMessage(question) : null,
        Child = m.Child is { } child ? new(child.ChildId, child.Definition?.ToReference()) : null,
    };

    private static QuestionImage FromMessage(Journal.QuestionImage m) =>
        new(m.Prompt, m.Options.ToPayload(m.HasOptions), m.Assignees.ToPayload(m.HasAssignees));

    private static UndoImage FromMessage(Journal.UndoImage? m) =>
        m is null ? throw Fields.Missing("compensation") : new(m.TaskOrder, m.Path, JournalFormat.FromMessage(m.Undo) ?? throw Fields.Missing("compensation's input"));

    private static TaskPhase FromMessage(Journal.TaskPhase phase) => phase switch
    {
        Journal.TaskPhase.TaskPending => TaskPhase.Pending,
        Journal.TaskPhase.TaskRunning => TaskPhase.Running,
        Journal.TaskPhase.TaskCompleted => TaskPhase.Completed,
        Journal.TaskPhase.TaskFailed => TaskPhase.Failed,
        Journal.TaskPhase.TaskSkipped => TaskPhase.Skipped,
        Journal.TaskPhase.TaskCancelled => TaskPhase.Cancelled,
        _ => throw new InvalidDataException($"The bytes hold a task's phase that this version does not know: {(int)phase}."),
    };

    private static TaskExecutionPhase FromMessage(Journal.TaskExecutionPhase phase) => phase switch
    {
        Journal.TaskExecutionPhase.TaskExecutionQueued => TaskExecutionPhase.Queued,
        Journal.TaskExecutionPhase.TaskExecutionReady => TaskExecutionPhase.Ready,
        Journal.TaskExecutionPhase.TaskExecutionAttempting => TaskExecutionPhase.Attempting,
        Journal.TaskExecutionPhase.TaskExecutionWaiting => TaskExecutionPhase.Waiting,
        Journal.TaskExecutionPhase.TaskExecutionDelaying => TaskExecutionPhase.Delaying,
        Journal.TaskExecutionPhase.TaskExecutionOpen => TaskExecutionPhase.Open,
        Journal.TaskExecutionPhase.TaskExecutionAwaitingSignal => TaskExecutionPhase.AwaitingSignal,
        Journal.TaskExecutionPhase.TaskExecutionAwaitingAnswer => TaskExecutionPhase.AwaitingAnswer,
        Journal.TaskExecutionPhase.TaskExecutionAwaitingChild => TaskExecutionPhase.AwaitingChild,
        Journal.TaskExecutionPhase.TaskExecutionCompleted => TaskExecutionPhase.Completed,
        Journal.TaskExecutionPhase.TaskExecutionFailed => TaskExecutionPhase.Failed,
        Journal.TaskExecutionPhase.TaskExecutionCancelled => TaskExecutionPhase.Cancelled,
        _ => throw new InvalidDataException($"The bytes hold an execution's phase that this version does not know: {(int)phase}."),
    };
}
