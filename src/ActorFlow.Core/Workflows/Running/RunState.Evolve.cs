using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Core.Payloads;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>What each event changes. Nothing here evaluates an expression, reads a clock or asks anybody.</summary>
internal sealed partial class RunState
{
    public static RunState Begin(WorkflowState.NotStarted initial, Started e, DateTimeOffset at)
    {
        if (e.Image is { } image)
        {
            return Fork(initial.Plan, e, image, at);
        }

        var run = new RunState
        {
            Plan = initial.Plan,
            WorkflowId = e.WorkflowId,
            RunId = e.RunId,
            Definition = e.Definition,
            Input = e.Input,
            StartedAt = at,
            Now = at,
            Parent = e.Parent,
            Origin = e.Origin,
            Companions = e.Companions,
            Directory = e.Directory,
            Tags = e.Tags,
        };
        run.Quota.Hold(e.Input);
        run.OpenScope(0, initial.Plan.Root, default, string.Empty, initial.Plan.Definition.Timeout);
        return run;
    }

    public void Apply(WorkflowEvent @event)
    {
        if (End is not null && @event is not (Reopened or Rewound))
        {
            throw new InvalidOperationException($"The journal holds {@event.GetType().Name} after the closing event of the run.");
        }

        switch (@event)
        {
            case TaskSkipped e: Agenda.Decided(e.Scope, e.Task); SettleTask(e.Scope, e.Task, TaskPhase.Skipped, null, null); break;
            case TaskFailed e: Apply(e); break;
            case TaskReady e: Apply(e); break;
            case FanOutOpened e: Apply(e); break;
            case AttemptsStarted e: Apply(e); break;
            case DelayStarted e: Apply(e); break;
            case GroupOpened e: Apply(e); break;
            case TaskExecutionCompleted e: Apply(e); break;
            case TaskExecutionFailed e: Apply(e); break;
            case TaskExecutionCancelled e: SettleExecution(e.Execution, Ended(e.Execution).Leave(TaskExecutionPhase.Cancelled, null)); break;
            case AttemptFailed e: Apply(e); break;
            case AttemptLost e: Apply(e); break;
            case AttemptCancelled e: Apply(e); break;
            case WaitEnded e: EndWait(e.Execution); break;
            case DeadlinePassed e: Apply(e); break;
            case ScopeTimedOut e: Apply(e); break;
            case OutputFailed e: Apply(e); break;
            case CancelRequested e: StopScope(0, new(null, e.Reason)); break;
            case CompensationStarted: Agenda.Decided(0, Decidable.WholeScope); Compensation.Begin(); break;
            case Completed e: Close(RunOutcome.Completed, e.Output, null, null); break;
            case Failed e: Close(RunOutcome.Failed, Payload.Null, e.Error, null); break;
            case Cancelled e: Close(RunOutcome.Cancelled, Payload.Null, null, e.Reason); break;
            case Terminated e: Close(RunOutcome.Terminated, Payload.Null, null, e.Reason); break;
            default: ApplyMore(@event); break;
        }
    }

    private void ApplyMore(WorkflowEvent @event)
    {
        switch (@event)
        {
            case SignalReceived e: Apply(e); break;
            case SignalAwaited e: Apply(e); break;
            case QuestionAsked e: Apply(e); break;
            case ChildRequested e: Apply(e); break;
            case ChildResolved e: Apply(e); break;
            case ChildTimedOut e: Apply(e); break;
            case WorkflowEvent.Paused: Paused = true; break;
            case Resumed: Paused = false; break;
            case CheckpointNamed e: CheckpointsDue = CheckpointsDue.Remove(e.Name, StringComparer.Ordinal); break;
            case Reopened e: Apply(e); break;
            case RewindRequested e: Apply(e); break;
            case Rewound e: Apply(e); break;
            default: throw new InvalidOperationException($"The journal holds {@event.GetType().Name} in an open run.");
        }
    }

    private void Apply(TaskFailed e)
    {
        Agenda.Decided(e.Scope, e.Task);
        AddFailure(e.Scope, e.Task, e.Error, attempts: 0);
        SettleTask(e.Scope, e.Task, TaskPhase.Failed, null, e.Error);
        StopIfFatal(e.Scope, e.Task, e.Error);
    }

    private void Apply(TaskReady e)
    {
        Agenda.Decided(e.Scope, e.Task);
        SetTask(e.Scope, e.Task, TaskOf(e.Scope, e.Task) with { Phase = TaskPhase.Running, Execution = TaskExecutionState.Ready });
        AddReady(e.Scope, e.Task, 0);
    }

    private void Apply(FanOutOpened e)
    {
        Agenda.Decided(e.Scope, e.Task);
        var items = Split(e.Items);
        Quota.AddElements(items.Length);
        if (items.IsEmpty)
        {
            SettleTask(e.Scope, e.Task, TaskPhase.Completed, e.Items, null);
            return;
        }

        Quota.Hold(e.Items);
        var fan = new FanOut
        {
            Items = items,
            Elements = TransientVector<TaskExecutionState>.Filled(TaskExecutionState.Queued, items.Length),
            Unsettled = items.Length,
            Bytes = e.Items.Length,
        };
        SetTask(e.Scope, e.Task, TaskOf(e.Scope, e.Task) with { Phase = TaskPhase.Running, Fan = fan });
        ListNext(e.Scope, e.Task);
    }

    private void Apply(AttemptsStarted e)
    {
        foreach (var start in e.Attempts)
        {
            Apply(start);
        }
    }

    /// <summary>One attempt begins: part of an <see cref="AttemptsStarted"/>.</summary>
    public void Apply(AttemptStart start)
    {
        var execution = Started(start.Execution);
        Quota.Hold(start.Input);
        SetExecution(start.Execution, execution with
        {
            Phase = TaskExecutionPhase.Attempting,
            Attempt = start.Number,
            Input = start.Input ?? execution.Input,
            Secrets = start.Input is null ? execution.Secrets : start.Secrets,
            ReadyAt = Now,
            DeadlineAt = execution.DeadlineAt ?? NewDeadline(start.Execution),
            Losses = 0,
        });
        Active = Active.Add(start.Execution);
        Touched = Touched.Add(start.Execution);
    }

    private DateTimeOffset? NewDeadline(TaskExecutionId id)
    {
        if (UsesOf(id).Deadline is not { } deadline)
        {
            return null;
        }

        Agenda.Add(new Due(Now + deadline, DueKind.Deadline, id.Scope, id.Task, id.Element));
        return Now + deadline;
    }

    private void Apply(DelayStarted e)
    {
        SetExecution(e.Execution, Started(e.Execution) with { Phase = TaskExecutionPhase.Delaying, DueAt = e.DueAt });
        Agenda.Add(new Due(e.DueAt, DueKind.DelayEnded, e.Execution.Scope, e.Execution.Task, e.Execution.Element));
    }

    private void Apply(GroupOpened e)
    {
        SetExecution(e.Execution, Started(e.Execution) with { Phase = TaskExecutionPhase.Open, Opened = e.Opened });
        var group = (Planning.TaskExecutionPlan.Group)PlanOf(e.Execution).Execution;
        NextScope = e.Opened + 1;
        OpenScope(e.Opened, group.Scope, e.Execution, PathOf(e.Execution) + "/", group.Timeout);
    }

    private void Apply(TaskExecutionCompleted e)
    {
        var signal = Get(e.Execution).Phase == TaskExecutionPhase.AwaitingSignal ? ((Planning.TaskExecutionPlan.Signal)PlanOf(e.Execution).Execution).Name : null;
        var execution = Ended(e.Execution, completed: true);
        if (signal is not null)
        {
            Quota.Release(Signals.Take(signal));
        }

        if (e.Undo is { } undo)
        {
            AddUndo(e.Execution, undo);
        }

        if (e.LoopError is { } error)
        {
            Fail(e.Execution, execution, error);
        }
        else if (e.NextIterationAt is { } next)
        {
            LoopOn(e.Execution, execution, e.Output, next);
        }
        else
        {
            SettleExecution(e.Execution, execution.Settle(TaskExecutionPhase.Completed, e.Output, null));
        }
    }

    private void Apply(TaskExecutionFailed e)
    {
        if (e.Execution.Scope == CompensationScope && Compensation.Current is null)
        {
            TakeUndo(e.Execution.Task);
        }

        Fail(e.Execution, Ended(e.Execution), e.Error);
    }

    private void Apply(AttemptFailed e)
    {
        var execution = Ended(e.Execution);
        if (e.RetryAt is not { } retryAt)
        {
            Fail(e.Execution, execution, e.Error);
            return;
        }

        SetExecution(e.Execution, execution with { Phase = TaskExecutionPhase.Waiting, DueAt = retryAt, Progress = e.Progress ?? execution.Progress, Losses = 0 });
        Agenda.Add(new Due(retryAt, DueKind.WaitEnded, e.Execution.Scope, e.Execution.Task, e.Execution.Element));
    }

    private void Apply(AttemptLost e)
    {
        var execution = Get(e.Execution);
        SetExecution(e.Execution, execution with
        {
            Lost = e.Lease > execution.Lost ? e.Lease : execution.Lost,
            Losses = e.Released ? execution.Losses : execution.Losses + 1,
        });
        Touched = Touched.Add(e.Execution);
    }

    private void Apply(AttemptCancelled e)
    {
        var execution = Ended(e.Execution);
        if (e.Undo is { } undo)
        {
            AddUndo(e.Execution, undo);
        }

        if (execution.Error is { } doomed)
        {
            Fail(e.Execution, execution, doomed);
        }
        else
        {
            SettleExecution(e.Execution, execution.Leave(TaskExecutionPhase.Cancelled, null));
        }
    }

    private void Apply(DeadlinePassed e)
    {
        var execution = Get(e.Execution);
        var error = new TaskError(Tasks.ErrorTypes.DeadlineExceeded, "The deadline over all attempts has passed.", PathOf(e.Execution));
        ClearDues(e.Execution, execution);
        if (execution.Phase == TaskExecutionPhase.Attempting)
        {
            Withdraw(e.Execution, execution with { Error = error, DeadlineAt = null });
        }
        else
        {
            Fail(e.Execution, Ended(e.Execution), error);
        }
    }

    private void Apply(ScopeTimedOut e)
    {
        var scope = Scopes[e.Scope];
        var path = scope.IsRoot ? string.Empty : PathOf(scope.Owner);
        var what = scope.IsRoot ? "The run" : "The group";
        var error = new TaskError(Tasks.ErrorTypes.TimedOut, $"{what} has not finished within its timeout.", path);
        StopScope(e.Scope, new(error, error.Message));
    }

    private void Apply(OutputFailed e)
    {
        Agenda.Decided(0, Decidable.WholeScope);
        StopScope(0, new(e.Error, e.Error.Message));
        if (Root.Unsettled == 0)
        {
            Agenda.DecideScope(0);
        }
    }

    private void Close(RunOutcome outcome, Payload output, TaskError? error, string? reason)
    {
        foreach (var execution in Active)
        {
            Touched = Touched.Add(execution);
        }

        (Rewinding, CheckpointsDue) = (null, []);
        End = new(this)
        {
            RunId = RunId,
            Definition = Definition,
            Input = Input,
            Outcome = outcome,
            Output = output,
            Error = error,
            Reason = reason,
            Failures = Failures,
            StartedAt = StartedAt,
            ClosedAt = Now,
        };
    }

    private static ImmutableArray<Payload> Split(Payload array)
    {
        var reader = new Utf8JsonReader(array.Utf8.Span, JsonDepth.Reading);
        reader.Read();
        var items = ImmutableArray.CreateBuilder<Payload>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(Payload.FromTrustedUtf8(array.Utf8[start..(int)reader.BytesConsumed]));
        }

        return items.DrainToImmutable();
    }
}
