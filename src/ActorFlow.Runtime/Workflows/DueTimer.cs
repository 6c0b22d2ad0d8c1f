using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Wakes a run when something of it falls due by the wall clock.</summary>
internal sealed class DueTimer(string workflowId, IActorRef run, RunTimers timers, WorkflowServices services, IScheduler scheduler)
{
    private bool _waitsLong;

    /// <summary>Sets it, or cancels it where nothing falls due. A timer that fires before its time, by a clock set back, is set again.</summary>
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

    /// <summary>Cancels it.</summary>
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
