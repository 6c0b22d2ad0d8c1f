using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Rules of commands from people: cancel, terminate, pause, resume, retry, rewind.</summary>
internal static class ControlRules
{
    public static Decision.Refused? Check(this RunDecision decision, Cancel cancel)
    {
        if (decision.Run.Rewinding is not null)
        {
            return Rewinding(cancel.WorkflowId);
        }

        if (decision.Run.Paused)
        {
            // A paused run compensates nothing, and so would never end.
            decision.Emit(new Resumed());
        }

        if (!decision.Run.IsStopping)
        {
            decision.Emit(new CancelRequested(MessageText.Of(cancel.Reason)));
        }

        return null;
    }

    public static Decision.Refused? Check(this RunDecision decision, Terminate terminate)
    {
        decision.Emit(new Terminated(MessageText.Of(terminate.Reason)));
        return null;
    }

    public static Decision.Refused? Check(this RunDecision decision, Pause pause)
    {
        if (decision.Run.Rewinding is not null)
        {
            return Rewinding(pause.WorkflowId);
        }

        if (!decision.Run.Paused)
        {
            decision.Emit(new Paused());
        }

        return null;
    }

    public static Decision.Refused? Check(this RunDecision decision, Resume resume)
    {
        if (!decision.Run.Paused)
        {
            return new("not-paused", $"The workflow run '{resume.WorkflowId}' is not paused.");
        }

        decision.Emit(new Resumed());
        return null;
    }

    public static Decision.Refused? Check(this RunDecision decision, TakeCheckpoint checkpoint)
    {
        if (decision.Run.Rewinding is not null)
        {
            return Rewinding(checkpoint.WorkflowId);
        }

        if (checkpoint.Name.Length is 0 or > Limits.CheckpointName || checkpoint.Name.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            return new("bad-name", $"A checkpoint's name has 1 to {Limits.CheckpointName} characters, and no control characters.");
        }

        decision.Emit(new CheckpointNamed(MessageText.Of(checkpoint.Name)));
        return null;
    }

    public static void NameCheckpoints(this RunDecision decision)
    {
        foreach (var name in decision.Run.End is null && !decision.Run.IsStopping ? decision.Run.CheckpointsDue : [])
        {
            decision.Emit(new CheckpointNamed(name));
        }
    }

    public static Decision.Refused? Check(this RunDecision decision, Retry retry)
    {
        if (decision.Run.End is not { } end)
        {
            return new("not-closed", $"The workflow run '{retry.WorkflowId}' has not ended: there is nothing to retry.");
        }

        if (decision.MayNotReopen(end, retry.LeftBy) is { } refused)
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

            decision.Emit(new Reopened(decision.Run.Generation, null));
            return null;
        }

        if (!decision.Run.Plan.Root.Positions.TryGetValue(retry.From, out var from))
        {
            return new("task-not-found", $"The run's own graph has no task '{retry.From}'.");
        }

        decision.Emit(new Reopened(decision.Run.Generation + 1, from));
        return null;
    }

    public static Decision.Refused? Check(this RunDecision decision, Rewind rewind)
    {
        if (decision.Run.Rewinding is not null)
        {
            return Rewinding(rewind.WorkflowId);
        }

        if (rewind.Image.RunId != decision.Run.RunId || rewind.Image.Definition != decision.Run.Definition)
        {
            return new("checkpoint-not-found", $"The checkpoint {rewind.To} is not one of the workflow run '{rewind.WorkflowId}'.");
        }

        if (rewind.Image.Rewinding is not null)
        {
            return Unsettled;
        }

        if (decision.MayNotReopen(decision.Run.End, rewind.LeftBy) is { } refused)
        {
            return refused;
        }

        if (decision.Run.End is not null)
        {
            decision.Emit(new Rewound(decision.Run.Generation + 1, rewind.To, rewind.Image));
            return null;
        }

        if (decision.Run.Paused)
        {
            decision.Emit(new Resumed());
        }

        decision.Emit(new RewindRequested(rewind.To, rewind.Image));
        return null;
    }

    private static Decision.Refused? MayNotReopen(this RunDecision decision, WorkflowState.Closed? end, AttemptId? leftBy)
    {
        if (end is not null && decision.Run.Parent is { } parent && parent.Attempt != leftBy)
        {
            return new("consumed", $"The run '{decision.Run.WorkflowId}' has told its parent '{parent.WorkflowId}' how it ended. Retry or rewind that one.");
        }

        return decision.Run.Compensation.HasBegun
            ? new("compensated", $"What the run '{decision.Run.WorkflowId}' had done has been undone, or is being undone: it cannot go on from there.")
            : null;
    }

    public static readonly Decision.Refused Unsettled =
        new("rewinding", "The checkpoint was taken while the run was being taken back to an earlier one. Take that one instead.");

    public static Decision.Refused Rewinding(string id) =>
        new("rewinding", $"The workflow run '{id}' is being taken back to a checkpoint. Try again once that is done.");
}
