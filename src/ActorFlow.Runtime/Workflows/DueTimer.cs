using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Sends a run a tick when a wait or timeout of it falls due by the wall clock.</summary>
internal sealed class DueTimer(string workflowId, IActorRef run, RunTimers timers, WorkflowServices services, IScheduler scheduler)
{
    private bool _waitsLong;

    /// <summary>Sets the timer, or cancels it if nothing falls due. A timer that fires too early, because the clock was set back, is set again.</summary>
    public void Set(DateTimeOffset? nextDue)
    {
        if (nextDue is not { } due)
        {
            Cancel();
            return;
        }

        var wait = due - services.Clock.GetUtcNow();
        if (wait > LongWaits.Horizon)
        {
            timers.Cancel(RunTimer.Due);
            _waitsLong = true;
            services.LongWaits.Set(run, workflowId, due, scheduler);
            return;
        }

        CancelLongWait();
        timers.Set(RunTimer.Due, new WorkflowCommand.Tick(workflowId), wait);
    }

    /// <summary>Cancels the timer.</summary>
    public void Cancel()
    {
        timers.Cancel(RunTimer.Due);
        CancelLongWait();
    }

    private void CancelLongWait()
    {
        if (_waitsLong)
        {
            _waitsLong = false;
            services.LongWaits.Cancel(run);
        }
    }
}
