using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows;

/// <summary>Writes the text of one event for people, from the run before and after it.</summary>
internal sealed class EventText(DateTimeOffset at, WorkflowState before, WorkflowState after)
{
    private readonly RunState? _before = RunOf(before);
    private readonly RunState _after = RunOf(after)!;

    public IEnumerable<HistoryEvent> Of(WorkflowEvent @event) => @event is AttemptsStarted started
        ? started.Attempts.Select(start => Execution("attempt-started", start.Execution, HandlerOf(start.Execution)) with { Attempt = start.Number, Value = start.Input })
        : [OfRun(@event) ?? OfTask(@event) ?? OfWait(@event)];

    private HistoryEvent? OfRun(WorkflowEvent @event) => @event switch
    {
        Started e => Line("run-started", TextOf(e)) with { Value = e.Input, Until = e.StartAt },
        Begun => Line("run-begun", string.Empty),
        ScopeTimedOut e => Line("timed-out", "the timeout has passed") with { Task = _after.Scopes[e.Scope] is { IsRoot: false, Owner: var owner } ? PathOf(owner) : null },
        OutputFailed { Error.Type: ErrorTypes.InternalError } e => Line("decision-failed", TextOf(e.Error)),
        OutputFailed e => Line("output-failed", TextOf(e.Error)),
        CancelRequested e => Line("cancel-requested", e.Reason),
        CompensationStarted => Line("compensation-started", Count(_after.Compensation.Entries.Count(), "completed task") + " to undo"),
        Completed e => Line("run-completed", string.Empty) with { Value = e.Output },
        Failed e => Line("run-failed", TextOf(e.Error)),
        Cancelled e => Line("run-cancelled", e.Reason),
        Terminated e => Line("run-terminated", e.Reason),
        Paused => Line("paused", string.Empty),
        Resumed => Line("resumed", string.Empty),
        CommandNoted e => Line("command-noted", $"{e.Command}: it had nothing to change"),
        CheckpointNamed e => Line("checkpoint", e.Name),
        Reopened { From: { } from } e => Line("reopened", Text($"from {_after.Root.Plan.Tasks[from].Id} on, generation {e.Generation}")),
        Reopened => Line("reopened", "from what had failed"),
        RewindRequested e => Line("rewind-requested", Text($"to checkpoint #{e.To}")),
        Rewound e => Line("rewound", Text($"to checkpoint #{e.To}, generation {e.Generation}")),
        SignalReceived e => Line("signal-received", e.Name) with { Value = e.Payload },
        _ => null,
    };

    private HistoryEvent? OfTask(WorkflowEvent @event) => @event switch
    {
        TaskSkipped e => Task("skipped", e.Scope, e.Task, string.Empty),
        TaskFailed e => Task("failed", e.Scope, e.Task, TextOf(e.Error)),
        TaskReady e => Task("ready", e.Scope, e.Task, string.Empty),
        FanOutOpened e => Task("fanned-out", e.Scope, e.Task, Count(LengthOf(e.Items), "element")) with { Value = e.Items },
        GroupOpened e => Execution("group-opened", e.Execution, string.Empty),
        TaskExecutionCompleted e => Execution("completed", e.Execution, TextOf(e)) with { Value = CommandOutput.Readable(e.Output), Until = e.NextIterationAt },
        TaskExecutionFailed e => Execution("failed", e.Execution, TextOf(e.Error)),
        TaskExecutionCancelled e => Execution("cancelled", e.Execution, string.Empty),
        AttemptFailed { RetryAt: { } again } e => Execution("attempt-failed", e.Execution, TextOf(e.Error)) with { Attempt = e.Number, Until = again },
        AttemptFailed e => Execution("failed", e.Execution, TextOf(e.Error)) with { Attempt = e.Number },
        AttemptLost e => Execution("attempt-lost", e.Execution, e.Released ? "given back by its worker" : "lost with its worker") with { Attempt = e.Number },
        AttemptCancelled e => Execution("attempt-cancelled", e.Execution, e.Error is { } error ? TextOf(error) : string.Empty) with { Attempt = e.Number },
        DeadlinePassed e => Execution("deadline-passed", e.Execution, string.Empty),
        _ => null,
    };

    private HistoryEvent OfWait(WorkflowEvent @event) => @event switch
    {
        DelayStarted e => Execution("delay-started", e.Execution, string.Empty) with { Until = e.DueAt },
        WaitEnded e => Execution("wait-ended", e.Execution, string.Empty),
        SignalAwaited e => Execution("signal-awaited", e.Execution, SignalOf(e.Execution)) with { Until = e.TimeoutAt },
        QuestionAsked e => Execution("asked", e.Execution, e.Prompt) with { Until = e.TimeoutAt, Value = e.Options },
        ChildRequested e => Execution("child-requested", e.Execution, e.ChildId) with { Attempt = e.Number, Until = e.TimeoutAt, Value = e.Input },
        ChildResolved e => Execution("child-resolved", e.Execution, Text($"{e.Definition.Name}@{e.Definition.Version}")),
        ChildTimedOut e => Execution("child-timed-out", e.Execution, "it is cancelled"),
        _ => throw new InvalidOperationException($"There is no text for {@event.GetType().Name}."),
    };

    private static RunState? RunOf(WorkflowState state) => state switch
    {
        WorkflowState.Open open => open.Run,
        WorkflowState.Closed closed => closed.Run,
        _ => null,
    };

    private HistoryEvent Line(string name, string text) => new(at, name, text);

    private HistoryEvent Task(string name, int scope, int task, string text) => Line(name, text) with
    {
        Task = (_before ?? _after).TaskPath(scope, task),
        Title = TitleOf(scope, task),
    };

    private HistoryEvent Execution(string name, TaskExecutionId id, string text) => Line(name, text) with
    {
        Task = PathOf(id),
        Title = TitleOf(id.Scope, id.Task),
        Attempt = _before?.Find(id) is { Attempt: > 0 and var attempt } ? attempt : null,
    };

    private string? TitleOf(int scope, int task) =>
        (_before ?? _after).Scopes.TryGetValue(scope, out var open) ? open.Plan.Tasks[task].Definition.Title : null;

    private string PathOf(TaskExecutionId id) =>
        id.Scope == RunState.CompensationScope ? UndoneBy().Path + "!compensate" : (_before ?? _after).PathOf(id);

    private string HandlerOf(TaskExecutionId id) =>
        (id.Scope == RunState.CompensationScope ? _after.Plan.Tasks[UndoneBy().TaskOrder].Compensate! : _before!.UsesOf(id)).Handler;

    /// <summary>The entry of the compensation that is under way, or that begins with this event.</summary>
    private UndoEntry UndoneBy() => _before!.Compensation.Current?.Entry ?? _before.Compensation.Next;

    private string SignalOf(TaskExecutionId id) => ((TaskExecutionPlan.Signal)_before!.PlanOf(id).Execution).Name;

    private static string TextOf(Started e)
    {
        var text = Text($"{e.Definition.Name}@{e.Definition.Version}");
        return e switch
        {
            { Origin: { } origin } => text + Text($", forked from {origin.WorkflowId} at checkpoint #{origin.Sequence}"),
            { Parent: { } parent } => $"{text}, a child of {parent.WorkflowId}",
            _ => text,
        };
    }

    private string TextOf(TaskExecutionCompleted e) => e switch
    {
        { LoopError: { } error } => TextOf(error),
        { NextIterationAt: not null } when _before!.Scopes[e.Execution.Scope].Stop is not null => "its loop is cut short",
        { NextIterationAt: not null } => "goes round again",
        _ when _before!.Find(e.Execution) is { Phase: TaskExecutionPhase.AwaitingAnswer } => WhoAnswered(e.Output),
        _ => string.Empty,
    };

    private static string WhoAnswered(Payload answer)
    {
        using var document = answer.ToDocument();
        var by = Member("by");
        var claimed = Member("claimedBy");
        return (by, claimed) switch
        {
            (null, null) => string.Empty,
            (null, _) => $"answered for {claimed}",
            (_, null) => $"answered by {by}",
            _ => $"answered by {by}, for {claimed}",
        };

        string? Member(string name) => document.RootElement.TryGetProperty(name, out var member) ? member.GetString() : null;
    }

    private static string TextOf(TaskError error) => $"{error.Type}: {error.Message}";

    private static int LengthOf(Payload array)
    {
        using var document = array.ToDocument();
        return document.RootElement.GetArrayLength();
    }

    private static string Count(int count, string what) => Text($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
