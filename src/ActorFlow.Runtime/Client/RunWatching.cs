using System.Runtime.CompilerServices;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Watching;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Runtime.Client;

/// <summary>
/// Follows runs. Changes only tell when to look, and may be missed; what there is comes from the journal, so nothing is missed or seen twice.
/// Without a change the index is looked at from time to time: it does not wake a run that waits.
/// </summary>
/// <param name="engine">Reads the rows.</param>
/// <param name="plans">The plans of definitions.</param>
/// <param name="index">The runs as lists see them.</param>
/// <param name="changes">Tells of changes of runs.</param>
internal sealed class RunWatching(WorkflowEngine engine, PlanCache plans, IWorkflowIndex index, RunChanges changes)
{
    private const int PageSize = 100;

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Follows a run from a place on: <see cref="IWorkflowClient.WatchAsync"/>.</summary>
    public async IAsyncEnumerable<HistoryEvent> WatchAsync(string id, HistoryToken from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = changes.Watch(id);
        var history = new RunHistory(engine, plans, id);
        while (true)
        {
            var place = from;
            var page = await PersistAsync(() => ReadAsync(history, place, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var read in page.Items)
            {
                yield return read;
            }

            from = page.Next;
            if (!page.IsLast)
            {
                continue;
            }

            if (history.HasEnded)
            {
                yield break;
            }

            for (var wait = FirstLook; !await watch.ChangedAsync(wait, cancellationToken).ConfigureAwait(false); wait = Longer(wait))
            {
                if (await MayHaveChangedAsync(id, history.LastRow, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }
        }
    }

    /// <summary>
    /// Waits until a run has ended. At first the run itself is asked, which remembers who asks and stays in memory for that; a run that takes longer
    /// may leave memory meanwhile.
    /// </summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<WorkflowReply.Ended> EndAsync(string id, CancellationToken cancellationToken)
    {
        if (await PersistAsync(() => engine.TryEndOfAsync(id, Patience, cancellationToken), cancellationToken).ConfigureAwait(false) is { } soon)
        {
            return soon;
        }

        using var watch = changes.Watch(id);
        while (true)
        {
            var status = await PersistAsync(() => ClientFaults.NameAsync(() => engine.StatusOfAsync(id, cancellationToken)), cancellationToken).ConfigureAwait(false);
            if (status is WorkflowReply.Ended late)
            {
                return late;
            }

            for (var wait = FirstLook; !await watch.EndedAsync(wait, cancellationToken).ConfigureAwait(false); wait = Longer(wait))
            {
                if (await MayHaveEndedAsync(id, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }
        }
    }

    private static TimeSpan Longer(TimeSpan wait) => wait * 2 < LongestLook ? wait * 2 : LongestLook;

    /// <summary>Reads; a run that was there and is no more has been purged.</summary>
    private static async Task<HistoryPage> ReadAsync(RunHistory history, HistoryToken from, CancellationToken cancellationToken)
    {
        try
        {
            return await ClientFaults.NameAsync(() => history.ReadAsync(from, PageSize, cancellationToken)).ConfigureAwait(false);
        }
        catch (NotFoundException unknown) when (unknown.Code == "workflow-not-found" && history.LastRow > 0)
        {
            throw WorkflowRefusedException.Of("gone", "The run was purged while it was watched.", unknown);
        }
    }

    /// <summary>Does something as often as it takes: the run may be moving, or the store in trouble.</summary>
    private static async Task<T> PersistAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (WorkflowRefusedException passing) when (passing is RequestTimeoutException or UnavailableException { Code: "unavailable" })
            {
                await Task.Delay(Again, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> MayHaveChangedAsync(string id, long lastRow, CancellationToken cancellationToken) =>
        await RowOfAsync(id, cancellationToken).ConfigureAwait(false) is not { } row
        || row.Sequence > lastRow
        || row.Status is WorkflowStatus.Running or WorkflowStatus.Stuck;

    private async Task<bool> MayHaveEndedAsync(string id, CancellationToken cancellationToken) =>
        await RowOfAsync(id, cancellationToken).ConfigureAwait(false) is not { Closed: null, Status: not WorkflowStatus.Stuck };

    private async Task<WorkflowIndexRow?> RowOfAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await index.GetAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The store is in trouble: the run itself is asked.
            return null;
        }
    }
}
