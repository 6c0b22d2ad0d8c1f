using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;
using Akka.Hosting;

namespace ActorFlow.Runtime.Client;

/// <summary>Purges single runs that have ended, before their retention time has passed.</summary>
/// <param name="engine">Speaks to runs.</param>
/// <param name="region">The region of the runs.</param>
/// <param name="store">The store.</param>
/// <param name="time">The clock of the store; waits are real ones.</param>
internal sealed class RunPurging(WorkflowEngine engine, IRequiredActor<WorkflowRegion> region, PersistenceStore store, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Purges a run of any size. One that was purged already, and of which there is a tombstone, is no error.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting. The retention finds the rest of a run of which a part is purged.</param>
    /// <exception cref="WorkflowRefusedException">There is no such run, or it has not ended.</exception>
    /// <exception cref="TimeoutException">The run owes something to another one, or the index does not have its end yet.</exception>
    public async Task PurgeAsync(string id, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var backoff = new Backoff(FirstPause, LongestPause);
        while (true)
        {
            var row = await store.Index.GetAsync(id, cancellationToken).ConfigureAwait(false);
            // A run whose purge was begun leads nowhere any more: it must not be asked.
            if (row?.Purged is null && !await IsClosedAsync(id, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if (await store.Purge.FindOneAsync(id, time.GetUtcNow(), cancellationToken).ConfigureAwait(false) is { } due)
            {
                if (await TryPurgeAsync(due, cancellationToken).ConfigureAwait(false))
                {
                    await ForgetAsync(id, cancellationToken).ConfigureAwait(false);
                    return;
                }
            }
            else if (row is not null)
            {
                // It owes something, or is held for a change that it may have refused. Only its actor knows when that is over.
                var runs = await region.GetAsync(cancellationToken).ConfigureAwait(false);
                runs.Tell(new PurgeRun(id, row.RunId), ActorRefs.NoSender);
            }

            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"The run '{id}' has not yet told other runs or the index how it ended. Try again later.");
            }

            await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether there is a run that has ended; false means that it was purged.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run, or it has not ended.</exception>
    private async Task<bool> IsClosedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.StatusOfAsync(id, cancellationToken).ConfigureAwait(false) is WorkflowReply.Ended
                ? true
                : throw WorkflowRefusedException.Of("not-closed", $"The workflow run '{id}' has not ended: only a run that has ended can be purged.");
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "workflow-not-found")
        {
            if (await store.Index.PurgedAtAsync(id, cancellationToken).ConfigureAwait(false) is null)
            {
                throw;
            }

            return false;
        }
    }

    /// <summary>Purges a run in transactions that hold up no writer for long; false means that it has changed since it was found.</summary>
    private async Task<bool> TryPurgeAsync(DueRun found, CancellationToken cancellationToken)
    {
        var pace = new PurgePace();
        for (var due = found; due?.RunId == found.RunId;)
        {
            if (due.Units <= pace.Units)
            {
                return (await store.Purge.PurgeAsync([due], time.GetUtcNow(), cancellationToken).ConfigureAwait(false)).Purged == 1;
            }

            var part = await store.Purge.ShrinkAsync(due, pace.Units, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            await Task.Delay(pace.Note(Math.Min(pace.Units, due.Units), part.Took), cancellationToken).ConfigureAwait(false);
            due = await store.Purge.FindOneAsync(found.WorkflowId, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Waits until no actor answers from the memory of the purged run: one that has ended leaves as soon as it is idle.</summary>
    private async Task ForgetAsync(string id, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            while (TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                await engine.StatusOfAsync(id, cancellationToken).ConfigureAwait(false);
                await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is WorkflowRefusedException or TimeoutException)
        {
            // Nothing of it is left, or it cannot be asked now; it is purged in any case.
        }
    }
}
