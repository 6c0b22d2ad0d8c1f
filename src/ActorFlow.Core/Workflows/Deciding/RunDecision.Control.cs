using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>What people do to a run: end it, hold it, open it again, take it back.</summary>
internal sealed partial class RunDecision
{
    private Decision.Refused? Check(Cancel cancel)
    {
        if (_run.Rewinding is not null)
        {
            return Rewinding(cancel.WorkflowId);
        }

        if (_run.Paused)
        {
            // In a pause nothing would be compensated, and the run would never end.
            Emit(new Resumed());
        }

        if (!_run.IsStopping)
        {
            Emit(new CancelRequested(MessageText.Of(cancel.Reason)));
        }

        return null;
    }

    private Decision.Refused? Check(Terminate terminate)
    {
        Emit(new Terminated(MessageText.Of(terminate.Reason)));
        return null;
    }

    private Decision.Refused? Check(Pause pause)
    {
        if (_run.Rewinding is not null)
        {
            return Rewinding(pause.WorkflowId);
        }

        if (!_run.Paused)
        {
            Emit(new Paused());
        }

        return null;
    }

    private Decision.Refused? Check(Resume resume)
    {
        if (!_run.Paused)
        {
            return new("not-paused", $"The workflow run '{resume.WorkflowId}' is not paused.");
        }

        Emit(new Resumed());
        return null;
    }

    private Decision.Refused? Check(TakeCheckpoint checkpoint)
    {
        if (_run.Rewinding is not null)
        {
            return Rewinding(checkpoint.WorkflowId);
        }

        if (checkpoint.Name.Length is 0 or > Limits.CheckpointName || checkpoint.Name.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            return new("bad-name", $"A checkpoint's name has 1 to {Limits.CheckpointName} characters, and no control characters.");
        }

        Emit(new CheckpointNamed(MessageText.Of(checkpoint.Name)));
        return null;
    }

    private void NameCheckpoints()
    {
        foreach (var name in _run.End is null && !_run.IsStopping ? _run.CheckpointsDue : [])
        {
            Emit(new CheckpointNamed(name));
        }
    }

    private Decision.Refused? Check(Retry retry)
    {
        if (_run.End is not { } end)
        {
            return new("not-closed", $"The workflow run '{retry.WorkflowId}' has not ended: there is nothing to retry.");
        }

        if (MayNotReopen(end, retry.LeftBy) is { } refused)
        {
            return refused;
        }

        if (end.Outcome == RunOutcome.Terminated)
        {
            return new("terminated", "What ran when the run was terminated may still be running: it cannot be retried. Take it back to a checkpoint instead.");
        }

        if (retry.From is null)
        {
            if (end.Outcome != RunOutcome.Failed)
            {
                return new("not-failed", $"The workflow run '{retry.WorkflowId}' did not fail. Say from which task on it is to run again.");
            }

            Emit(new Reopened(_run.Generation, null));
            return null;
        }

        if (!_run.Plan.Root.Positions.TryGetValue(retry.From, out var from))
        {
            return new("task-not-found", $"The run's own graph has no task '{retry.From}'.");
        }

        Emit(new Reopened(_run.Generation + 1, from));
        return null;
    }

    private Decision.Refused? Check(Rewind rewind)
    {
        if (_run.Rewinding is not null)
        {
            return Rewinding(rewind.WorkflowId);
        }

        if (rewind.Image.RunId != _run.RunId || rewind.Image.Definition != _run.Definition)
        {
            return new("checkpoint-not-found", $"The checkpoint {rewind.To} is not one of the workflow run '{rewind.WorkflowId}'.");
        }

        if (rewind.Image.Rewinding is not null)
        {
            return Unsettled;
        }

        if (MayNotReopen(_run.End, rewind.LeftBy) is { } refused)
        {
            return refused;
        }

        if (_run.End is not null)
        {
            Emit(new Rewound(_run.Generation + 1, rewind.To, rewind.Image));
            return null;
        }

        if (_run.Paused)
        {
            Emit(new Resumed());
        }

        Emit(new RewindRequested(rewind.To, rewind.Image));
        return null;
    }

    private Decision.Refused? MayNotReopen(WorkflowState.Closed? end, AttemptId? leftBy)
    {
        if (end is not null && _run.Parent is { } parent && parent.Attempt != leftBy)
        {
            return new("consumed", $"The run '{_run.WorkflowId}' has told its parent '{parent.WorkflowId}' how it ended. Retry or rewind that one.");
        }

        return _run.Compensation.HasBegun
            ? new("compensated", $"What the run '{_run.WorkflowId}' had done has been undone, or is being undone: it cannot go on from there.")
            : null;
    }

    private static readonly Decision.Refused Unsettled =
        new("rewinding", "The checkpoint was taken while the run was being taken back to an earlier one. Take that one instead.");

    private static Decision.Refused Rewinding(string id) =>
        new("rewinding", $"The workflow run '{id}' is being taken back to a checkpoint. Try again once that is done.");
}
