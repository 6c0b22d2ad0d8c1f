using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;

namespace ActorFlow.Testing.Workflows;

/// <summary>Moves time from one due time to the next.</summary>
internal sealed partial class TestNode
{
    /// <summary>The next due time; null means that nothing falls due by itself.</summary>
    public DateTimeOffset? NextDue => Earliest(Clock.NextDue, NextOf(_attempts), NextOf(_runs.Values));

    /// <summary>Lets time pass to the next due time, unless that is later than <paramref name="until"/>, and does what is due.</summary>
    /// <returns>False means that nothing is due up to then.</returns>
    public async Task<bool> StepAsync(DateTimeOffset until)
    {
        await SettleAsync().ConfigureAwait(false);
        if (NextDue is not { } due || due > until)
        {
            return false;
        }

        Clock.MoveTo(due);
        FireDue();
        await SettleAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Handles one kind of what is due: a handler that ends in time is not overdue, and a result in time is no timeout.</summary>
    private void FireDue()
    {
        var fired = false;
        Quietly(() =>
        {
            while (Clock.FireNext())
            {
                fired = true;
            }
        });
        if (fired)
        {
            return;
        }

        var overdue = _attempts.Where(attempt => attempt.DueAt <= Now).ToList();
        foreach (var attempt in overdue)
        {
            Overdue(attempt);
        }

        if (overdue.Count > 0)
        {
            return;
        }

        foreach (var run in Runs.Where(run => DueAt(run) <= Now).ToList())
        {
            Tick(run);
        }
    }

    private void Overdue(TestAttempt attempt)
    {
        if (attempt.Reason != StopReason.None)
        {
            Report(attempt, attempt.Abandoned(), CallEnd.Abandoned);
            return;
        }

        var reason = Now >= attempt.Call!.StartedAt + attempt.Order.Timeout ? StopReason.TimedOut : StopReason.HeartbeatTimedOut;
        Quietly(() => attempt.Stop(reason, Now + _setup.Grace));
    }

    private void Tick(LiveRun run)
    {
        if (run.CheckpointDue <= Now)
        {
            run.TakeCheckpoint(Now);
        }

        if (run.State is WorkflowState.Open { NextDue: { } due } && due <= Now)
        {
            Send(new Mail.ToRun(new WorkflowCommand.Tick(run.Id), decision =>
            {
                if (decision is not Decision.Accepted && Find(run.Id)?.State is WorkflowState.Open { NextDue: { } still } && still <= Now)
                {
                    throw new InvalidOperationException($"The run '{run.Id}' says that something has been due since {still:O}, and does nothing about it.");
                }
            }));
        }
    }

    private static DateTimeOffset? DueAt(LiveRun run) => Earliest((run.State as WorkflowState.Open)?.NextDue, run.CheckpointDue);

    private static DateTimeOffset? NextOf(List<TestAttempt> attempts) => attempts.Count == 0 ? null : attempts.Min(attempt => attempt.DueAt);

    private static DateTimeOffset? NextOf(IEnumerable<LiveRun> runs) => runs.Min(DueAt);

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> moments)
    {
        DateTimeOffset? earliest = null;
        foreach (var moment in moments)
        {
            earliest = moment is null || earliest <= moment ? earliest : moment;
        }

        return earliest;
    }
}
