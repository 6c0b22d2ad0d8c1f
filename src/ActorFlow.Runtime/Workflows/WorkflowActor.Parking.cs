using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>When the run leaves memory, and what the index knows of it meanwhile.</summary>
public sealed partial class WorkflowActor
{

    /// <summary>What falls due sooner is waited for in memory.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(2);

    /// <summary>Whether nothing happens in the run for a while unless somebody sends it something (failure rule 14).</summary>
    private bool IsParkable(WorkflowState.Open open) =>
        open.IsWaiting && (open.NextDue is not { } due || due - Now > LongWait) && _offers is null or { IsEmpty: true };

    private bool MayLeave(WorkflowState.Open open) =>
        !_busy && !_stopping && !_passivating && _arrived.Count == 0 && _readingPast == 0
        && IsParkable(open) && _children.IsSettled && _index.IsAcknowledged && NobodyWatches();

    private bool NobodyWatches()
    {
        ForgetWatchers();
        return _watchers is null or { Count: 0 };
    }

    private void ArmPark(WorkflowState.Open open)
    {
        if (IsParkable(open))
        {
            _arrived.TrimExcess();
            _timers.Set(RunTimer.Park, Park.Instance, _services.PassivateAfter);
        }
        else
        {
            _timers.Cancel(RunTimer.Park);
        }
    }

    private void OnPark()
    {
        if (_state is not WorkflowState.Open open || !IsParkable(open))
        {
            return;
        }

        if (!MayLeave(open))
        {
            ArmPark(open);
            return;
        }

        _parking = true;
        if (_checkpoints.EventsSince > 0)
        {
            // Whoever wakes it reads the checkpoint, not the events.
            TakeCheckpoint(open);
        }
        else if (!TendsCheckpoints)
        {
            Passivate();
        }
    }

    /// <summary>Leaves once nothing is owed to anybody: an id that nobody started, a run that has ended, a run that is parked.</summary>
    private void LeaveIfDone()
    {
        if (_busy || _stopping || _arrived.Count > 0 || _readingPast > 0 || _purging)
        {
            return;
        }

        switch (_state)
        {
            case WorkflowState.Open open when _parking && !TendsCheckpoints && MayLeave(open):
                Passivate();
                break;
            case WorkflowState.Open open when !_parking && IsParkable(open) && !_timers.IsSet(RunTimer.Park):
                // Somebody asked something while it was leaving.
                ArmPark(open);
                break;
            case WorkflowState.Open:
                break;
            case WorkflowState.Closed when OwesReport || !_children.IsEmpty || !_index.IsAcknowledged || TendsCheckpoints:
                LookAfterAll();
                break;
            default:
                if (_toPurge is { } purge)
                {
                    Settle(purge);
                    break;
                }

                Passivate();
                break;
        }
    }

    private void SendRow()
    {
        // Looked at after every write: a row is only made where it says something new.
        if (_state is WorkflowState.Open open && _index.Says(open.RunId, StatusOf(open), IsParkable(open) ? open.NextDue : null))
        {
            return;
        }

        if (RowOf(_state) is { } row)
        {
            _index.Send(row, Self, Uptime);
            ArmLook();
        }
    }

    private WorkflowIndexRow? RowOf(WorkflowState? state) => state switch
    {
        WorkflowState.Open open => new(
            _id, open.RunId, LastSequenceNr, open.Definition.Name, open.Definition.Version, StatusOf(open), open.StartedAt, open.UpdatedAt)
        {
            Parent = open.Parent?.WorkflowId,
            Tags = open.Tags,
            WakeAt = IsParkable(open) ? open.NextDue : null,
        },
        WorkflowState.Closed closed => new(
            _id, closed.RunId, LastSequenceNr, closed.Definition.Name, closed.Definition.Version, StatusOf(closed), closed.StartedAt, closed.ClosedAt)
        {
            Parent = closed.Parent?.WorkflowId,
            Tags = closed.Tags,
            Closed = closed.ClosedAt,
            Owes = (closed.Parent is null ? RunDebts.None : RunDebts.Report) | (closed.LeftChildren.Any() ? RunDebts.Children : RunDebts.None),
            Failure = closed.Error is { } error ? IndexedFailure.Of(error.Type, error.Message) : null,
        },
        _ => null,
    };

    private WorkflowStatus StatusOf(WorkflowState.Open open) =>
        open.IsPaused ? WorkflowStatus.Paused : IsParkable(open) ? WorkflowStatus.Waiting : WorkflowStatus.Running;

    private static WorkflowStatus StatusOf(WorkflowState.Closed closed) => closed.Outcome switch
    {
        RunOutcome.Completed => WorkflowStatus.Completed,
        RunOutcome.Failed => WorkflowStatus.Failed,
        RunOutcome.Cancelled => WorkflowStatus.Cancelled,
        _ => WorkflowStatus.Terminated,
    };

    private sealed record Park : INoSerializationVerificationNeeded
    {
        public static readonly Park Instance = new();
    }
}
