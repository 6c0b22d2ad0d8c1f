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
            Bytes = e.Input.Length,
            Parent = e.Parent,
            Origin = e.Origin,
            Companions = e.Companions,
            Directory = e.Directory,
            Tags = e.Tags,
        };
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
            case TaskSkipped e: Decided(e.Scope, e.Task); SettleTask(e.Scope, e.Task, TaskPhase.Skipped, null, null); break;
            case TaskFailed e: Apply(e); break;
            case TaskReady e: Apply(e); break;
            case FanOutOpened e: Apply(e); break;
            case AttemptsStarted e: Apply(e); break;
            case DelayStarted e: Apply(e); break;
            case GroupOpened e: Apply(e); break;
            case BodyCompleted e: Apply(e); break;
            case BodyFailed e: Apply(e); break;
            case BodyCancelled e: SettleBody(e.Body, Ended(e.Body).Leave(BodyPhase.Cancelled, null)); break;
            case AttemptFailed e: Apply(e); break;
            case AttemptLost e: Apply(e); break;
            case AttemptCancelled e: Apply(e); break;
            case WaitEnded e: EndWait(e.Body); break;
            case DeadlinePassed e: Apply(e); break;
            case ScopeTimedOut e: Apply(e); break;
            case OutputFailed e: Apply(e); break;
            case CancelRequested e: StopScope(0, new(null, e.Reason)); break;
            case CompensationStarted: Decided(0, Decidable.WholeScope); Compensating = true; break;
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
        Decided(e.Scope, e.Task);
        AddFailure(e.Scope, e.Task, e.Error, attempts: 0);
        SettleTask(e.Scope, e.Task, TaskPhase.Failed, null, e.Error);
        StopIfFatal(e.Scope, e.Task, e.Error);
    }

    private void Apply(TaskReady e)
    {
        Decided(e.Scope, e.Task);
        SetTask(e.Scope, e.Task, TaskOf(e.Scope, e.Task) with { Phase = TaskPhase.Running, Body = BodyState.Ready });
        AddReady(e.Scope, e.Task, 0);
    }

    private void Apply(FanOutOpened e)
    {
        Decided(e.Scope, e.Task);
        var items = Split(e.Items);
        Elements += items.Length;
        if (items.IsEmpty)
        {
            SettleTask(e.Scope, e.Task, TaskPhase.Completed, e.Items, null);
            return;
        }

        Bytes += e.Items.Length;
        var fan = new FanOut
        {
            Items = items,
            Elements = TransientVector<BodyState>.Filled(BodyState.Queued, items.Length),
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
        var body = Started(start.Body);
        Bytes += start.Input?.Length ?? 0;
        SetBody(start.Body, body with
        {
            Phase = BodyPhase.Attempting,
            Attempt = start.Number,
            Input = start.Input ?? body.Input,
            Secrets = start.Input is null ? body.Secrets : start.Secrets,
            ReadyAt = Now,
            DeadlineAt = body.DeadlineAt ?? NewDeadline(start.Body),
            Losses = 0,
        });
        Active = Active.Add(start.Body);
        Touched = Touched.Add(start.Body);
    }

    private DateTimeOffset? NewDeadline(BodyId id)
    {
        if (UsesOf(id).Deadline is not { } deadline)
        {
            return null;
        }

        Dues = Dues.Add(new(Now + deadline, DueKind.Deadline, id.Scope, id.Task, id.Element));
        return Now + deadline;
    }

    private void Apply(DelayStarted e)
    {
        SetBody(e.Body, Started(e.Body) with { Phase = BodyPhase.Delaying, DueAt = e.DueAt });
        Dues = Dues.Add(new(e.DueAt, DueKind.DelayEnded, e.Body.Scope, e.Body.Task, e.Body.Element));
    }

    private void Apply(GroupOpened e)
    {
        SetBody(e.Body, Started(e.Body) with { Phase = BodyPhase.Open, Opened = e.Opened });
        var group = (Planning.BodyPlan.Group)PlanOf(e.Body).Body;
        NextScope = e.Opened + 1;
        OpenScope(e.Opened, group.Scope, e.Body, PathOf(e.Body) + "/", group.Timeout);
    }

    private void Apply(BodyCompleted e)
    {
        var signal = Get(e.Body).Phase == BodyPhase.AwaitingSignal ? ((Planning.BodyPlan.Signal)PlanOf(e.Body).Body).Name : null;
        var body = Ended(e.Body, completed: true);
        if (signal is not null)
        {
            TakeSignal(signal);
        }

        if (e.Undo is { } undo)
        {
            AddUndo(e.Body, undo);
        }

        if (e.LoopError is { } error)
        {
            Fail(e.Body, body, error);
        }
        else if (e.NextIterationAt is { } next)
        {
            LoopOn(e.Body, body, e.Output, next);
        }
        else
        {
            SettleBody(e.Body, body.Settle(BodyPhase.Completed, e.Output, null));
        }
    }

    private void Apply(BodyFailed e)
    {
        if (e.Body.Scope == CompensationScope && Undoing is null)
        {
            TakeUndo(e.Body.Task);
        }

        Fail(e.Body, Ended(e.Body), e.Error);
    }

    private void Apply(AttemptFailed e)
    {
        var body = Ended(e.Body);
        if (e.RetryAt is not { } retryAt)
        {
            Fail(e.Body, body, e.Error);
            return;
        }

        SetBody(e.Body, body with { Phase = BodyPhase.Waiting, DueAt = retryAt, Progress = e.Progress ?? body.Progress, Losses = 0 });
        Dues = Dues.Add(new(retryAt, DueKind.WaitEnded, e.Body.Scope, e.Body.Task, e.Body.Element));
    }

    private void Apply(AttemptLost e)
    {
        var body = Get(e.Body);
        SetBody(e.Body, body with
        {
            Lost = e.Lease > body.Lost ? e.Lease : body.Lost,
            Losses = e.Released ? body.Losses : body.Losses + 1,
        });
        Touched = Touched.Add(e.Body);
    }

    private void Apply(AttemptCancelled e)
    {
        var body = Ended(e.Body);
        if (e.Undo is { } undo)
        {
            AddUndo(e.Body, undo);
        }

        if (body.Error is { } doomed)
        {
            Fail(e.Body, body, doomed);
        }
        else
        {
            SettleBody(e.Body, body.Leave(BodyPhase.Cancelled, null));
        }
    }

    private void Apply(DeadlinePassed e)
    {
        var body = Get(e.Body);
        var error = new TaskError(Tasks.ErrorTypes.DeadlineExceeded, "The deadline over all attempts has passed.", PathOf(e.Body));
        ClearDues(e.Body, body);
        if (body.Phase == BodyPhase.Attempting)
        {
            Withdraw(e.Body, body with { Error = error, DeadlineAt = null });
        }
        else
        {
            Fail(e.Body, Ended(e.Body), error);
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
        Decided(0, Decidable.WholeScope);
        StopScope(0, new(e.Error, e.Error.Message));
        if (Root.Unsettled == 0)
        {
            DecideLater(0);
        }
    }

    private void Close(RunOutcome outcome, Payload output, TaskError? error, string? reason)
    {
        foreach (var body in Active)
        {
            Touched = Touched.Add(body);
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
