using System.Collections.Immutable;
using System.Text.Json;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Applies each event to a run. Nothing here evaluates an expression, reads a clock or sends a message.</summary>
internal static class RunEvolution
{
    public static RunState Begin(WorkflowState.NotStarted initial, Started e, DateTimeOffset at)
    {
        if (e.Image is { } image)
        {
            return RunRewinding.Fork(initial.Plan, e, image, at);
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
            Trace = e.Trace,
            Tags = e.Tags,
        };
        run.Quota.Hold(e.Input);
        run.OpenScope(0, initial.Plan.Root, default, string.Empty, initial.Plan.Definition.Timeout, e.StartAt);
        return run;
    }

    public static void Apply(this RunState run, WorkflowEvent @event)
    {
        if (run.End is not null && @event is not (Reopened or Rewound))
        {
            throw new InvalidOperationException($"The journal holds {@event.GetType().Name} after the closing event of the run.");
        }

        switch (@event)
        {
            case TaskSkipped e: run.Agenda.Decided(e.Scope, e.Task); run.SettleTask(e.Scope, e.Task, TaskPhase.Skipped, null, null); break;
            case TaskFailed e: run.Apply(e); break;
            case TaskReady e: run.Apply(e); break;
            case FanOutOpened e: run.Apply(e); break;
            case AttemptsStarted e: run.Apply(e); break;
            case DelayStarted e: run.Apply(e); break;
            case GroupOpened e: run.Apply(e); break;
            case TaskExecutionCompleted e: run.Apply(e); break;
            case TaskExecutionFailed e: run.Apply(e); break;
            case TaskExecutionCancelled e: run.SettleExecution(e.Execution, run.Ended(e.Execution).Leave(TaskExecutionPhase.Cancelled, null)); break;
            case AttemptFailed e: run.Apply(e); break;
            case AttemptLost e: run.Apply(e); break;
            case AttemptCancelled e: run.Apply(e); break;
            case WaitEnded e: run.EndWait(e.Execution); break;
            case DeadlinePassed e: run.Apply(e); break;
            case ScopeTimedOut e: run.Apply(e); break;
            case OutputFailed e: run.Apply(e); break;
            case CancelRequested e: run.StopScope(0, new(null, e.Reason)); break;
            case CompensationStarted: run.Agenda.Decided(0, Decidable.WholeScope); run.Compensation.Begin(); break;
            case Completed e: run.Close(RunOutcome.Completed, e.Output, null, null); break;
            case Failed e: run.Close(RunOutcome.Failed, Payload.Null, e.Error, null); break;
            case Cancelled e: run.Close(RunOutcome.Cancelled, Payload.Null, null, e.Reason); break;
            case Terminated e: run.Close(RunOutcome.Terminated, Payload.Null, null, e.Reason); break;
            default: run.ApplyMore(@event); break;
        }
    }

    private static void ApplyMore(this RunState run, WorkflowEvent @event)
    {
        switch (@event)
        {
            case SignalReceived e: run.Apply(e); break;
            case SignalAwaited e: run.Apply(e); break;
            case QuestionAsked e: run.Apply(e); break;
            case ChildRequested e: run.Apply(e); break;
            case ChildResolved e: run.Apply(e); break;
            case ChildTimedOut e: run.Apply(e); break;
            case WorkflowEvent.Paused: run.Paused = true; break;
            case Resumed: run.Paused = false; break;
            case CommandNoted: break;
            case Begun: run.BeginScope(0, run.Plan.Definition.Timeout); break;
            case CheckpointNamed e: run.CheckpointsDue = run.CheckpointsDue.Remove(e.Name, StringComparer.Ordinal); break;
            case Reopened e: run.Apply(e); break;
            case RewindRequested e: run.Apply(e); break;
            case Rewound e: run.Apply(e); break;
            default: throw new InvalidOperationException($"The journal holds {@event.GetType().Name} in an open run.");
        }
    }

    private static void Apply(this RunState run, TaskFailed e)
    {
        run.Agenda.Decided(e.Scope, e.Task);
        run.AddFailure(e.Scope, e.Task, e.Error, attempts: 0);
        run.SettleTask(e.Scope, e.Task, TaskPhase.Failed, null, e.Error);
        run.StopIfFatal(e.Scope, e.Task, e.Error);
    }

    private static void Apply(this RunState run, TaskReady e)
    {
        run.Agenda.Decided(e.Scope, e.Task);
        run.SetTask(e.Scope, e.Task, run.TaskOf(e.Scope, e.Task) with { Phase = TaskPhase.Running, Execution = TaskExecutionState.Ready });
        run.AddReady(e.Scope, e.Task, 0);
    }

    private static void Apply(this RunState run, FanOutOpened e)
    {
        run.Agenda.Decided(e.Scope, e.Task);
        var items = Split(e.Items);
        run.Quota.AddElements(items.Length);
        if (items.IsEmpty)
        {
            run.SettleTask(e.Scope, e.Task, TaskPhase.Completed, e.Items, null);
            return;
        }

        run.Quota.Hold(e.Items);
        var fan = new FanOut
        {
            Items = items,
            Elements = TransientVector<TaskExecutionState>.Filled(TaskExecutionState.Queued, items.Length),
            Unsettled = items.Length,
            Bytes = e.Items.Length,
        };
        run.SetTask(e.Scope, e.Task, run.TaskOf(e.Scope, e.Task) with { Phase = TaskPhase.Running, Fan = fan });
        run.ListNext(e.Scope, e.Task);
    }

    private static void Apply(this RunState run, AttemptsStarted e)
    {
        foreach (var start in e.Attempts)
        {
            run.Apply(start);
        }
    }

    /// <summary>Begins one attempt of an <see cref="AttemptsStarted"/>.</summary>
    public static void Apply(this RunState run, AttemptStart start)
    {
        var execution = run.Started(start.Execution);
        run.Quota.Hold(start.Input);
        run.SetExecution(start.Execution, execution with
        {
            Phase = TaskExecutionPhase.Attempting,
            Attempt = start.Number,
            Input = start.Input ?? execution.Input,
            Secrets = start.Input is null ? execution.Secrets : start.Secrets,
            ReadyAt = run.Now,
            DeadlineAt = execution.DeadlineAt ?? run.NewDeadline(start.Execution),
            Losses = 0,
        });
        run.Active = run.Active.Add(start.Execution);
        run.Touched = run.Touched.Add(start.Execution);
    }

    private static DateTimeOffset? NewDeadline(this RunState run, TaskExecutionId id)
    {
        if (run.UsesOf(id).Deadline is not { } deadline)
        {
            return null;
        }

        run.Agenda.Add(new Due(run.Now + deadline, DueKind.Deadline, id.Scope, id.Task, id.Element));
        return run.Now + deadline;
    }

    private static void Apply(this RunState run, DelayStarted e)
    {
        run.SetExecution(e.Execution, run.Started(e.Execution) with { Phase = TaskExecutionPhase.Delaying, ReadyAt = run.Now, DueAt = e.DueAt });
        run.Agenda.Add(new Due(e.DueAt, DueKind.DelayEnded, e.Execution.Scope, e.Execution.Task, e.Execution.Element));
    }

    private static void Apply(this RunState run, GroupOpened e)
    {
        run.SetExecution(e.Execution, run.Started(e.Execution) with { Phase = TaskExecutionPhase.Open, Opened = e.Opened });
        var group = (Planning.TaskExecutionPlan.Group)run.PlanOf(e.Execution).Execution;
        run.NextScope = e.Opened + 1;
        run.OpenScope(e.Opened, group.Scope, e.Execution, run.PathOf(e.Execution) + "/", group.Timeout);
    }

    private static void Apply(this RunState run, TaskExecutionCompleted e)
    {
        var signal = run.Get(e.Execution).Phase == TaskExecutionPhase.AwaitingSignal ? ((Planning.TaskExecutionPlan.Signal)run.PlanOf(e.Execution).Execution).Name : null;
        var execution = run.Ended(e.Execution, completed: true);
        if (signal is not null)
        {
            run.Quota.Release(run.Signals.Take(signal));
        }

        if (e.Undo is { } undo)
        {
            run.AddUndo(e.Execution, undo);
        }

        if (e.LoopError is { } error)
        {
            run.Fail(e.Execution, execution, error);
        }
        else if (e.NextIterationAt is { } next)
        {
            run.LoopOn(e.Execution, execution, e.Output, next);
        }
        else
        {
            run.SettleExecution(e.Execution, execution.Settle(TaskExecutionPhase.Completed, e.Output, null));
        }
    }

    private static void Apply(this RunState run, TaskExecutionFailed e)
    {
        if (e.Execution.Scope == RunState.CompensationScope && run.Compensation.Current is null)
        {
            run.TakeUndo(e.Execution.Task);
        }

        run.Fail(e.Execution, run.Ended(e.Execution), e.Error);
    }

    private static void Apply(this RunState run, AttemptFailed e)
    {
        var execution = run.Ended(e.Execution);
        if (e.RetryAt is not { } retryAt)
        {
            run.Fail(e.Execution, execution, e.Error);
            return;
        }

        run.SetExecution(e.Execution, execution with
        {
            Phase = TaskExecutionPhase.Waiting,
            ReadyAt = run.Now,
            DueAt = retryAt,
            Progress = e.Progress ?? execution.Progress,
            Losses = 0,
        });
        run.Agenda.Add(new Due(retryAt, DueKind.WaitEnded, e.Execution.Scope, e.Execution.Task, e.Execution.Element));
    }

    private static void Apply(this RunState run, AttemptLost e)
    {
        var execution = run.Get(e.Execution);
        run.SetExecution(e.Execution, execution with
        {
            Lost = e.Lease > execution.Lost ? e.Lease : execution.Lost,
            Losses = e.Released ? execution.Losses : execution.Losses + 1,
        });
        run.Touched = run.Touched.Add(e.Execution);
    }

    private static void Apply(this RunState run, AttemptCancelled e)
    {
        var execution = run.Ended(e.Execution);
        if (e.Undo is { } undo)
        {
            run.AddUndo(e.Execution, undo);
        }

        if (execution.Error is { } doomed)
        {
            run.Fail(e.Execution, execution, doomed);
        }
        else
        {
            run.SettleExecution(e.Execution, execution.Leave(TaskExecutionPhase.Cancelled, null));
        }
    }

    private static void Apply(this RunState run, DeadlinePassed e)
    {
        var execution = run.Get(e.Execution);
        var error = new TaskError(ErrorTypes.DeadlineExceeded, "The deadline over all attempts has passed.", run.PathOf(e.Execution));
        run.ClearDues(e.Execution, execution);
        if (execution.Phase == TaskExecutionPhase.Attempting)
        {
            run.Withdraw(e.Execution, execution with { Error = error, DeadlineAt = null });
        }
        else
        {
            run.Fail(e.Execution, run.Ended(e.Execution), error);
        }
    }

    private static void Apply(this RunState run, ScopeTimedOut e)
    {
        var scope = run.Scopes[e.Scope];
        var path = scope.IsRoot ? string.Empty : run.PathOf(scope.Owner);
        var what = scope.IsRoot ? "The run" : "The group";
        var error = new TaskError(ErrorTypes.TimedOut, $"{what} has not finished within its timeout.", path);
        run.StopScope(e.Scope, new(error, error.Message));
    }

    private static void Apply(this RunState run, OutputFailed e)
    {
        run.Agenda.Decided(0, Decidable.WholeScope);
        run.StopScope(0, new(e.Error, e.Error.Message));
        if (run.Root.Unsettled == 0)
        {
            run.Agenda.DecideScope(0);
        }
    }

    private static void Close(this RunState run, RunOutcome outcome, Payload output, TaskError? error, string? reason)
    {
        foreach (var execution in run.Active)
        {
            run.Touched = run.Touched.Add(execution);
        }

        (run.Rewinding, run.CheckpointsDue) = (null, []);
        run.End = new(run)
        {
            RunId = run.RunId,
            Definition = run.Definition,
            Input = run.Input,
            Outcome = outcome,
            Output = output,
            Error = error,
            Reason = reason,
            Failures = run.Failures,
            StartedAt = run.StartedAt,
            ClosedAt = run.Now,
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
