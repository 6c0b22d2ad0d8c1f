using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>A run as it was after any row of its journal: from the nearest checkpoint that can be read, and the rows behind it.</summary>
internal static class PastState
{
    private const int ListedAtATime = 20;

    /// <summary>The run as the row of that number left it; none: there is no such row, or the run was closed by then.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="catalog">The checkpoints; none: the rows alone are read.</param>
    /// <param name="plan">What the run runs.</param>
    /// <param name="persistenceId">The run.</param>
    /// <param name="sequence">The number.</param>
    /// <param name="closedToo">Whether a run that was closed by then is read as well.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public static async Task<RunImage?> ReadAsync(
        ActorSystem system, ICheckpointCatalog? catalog, WorkflowPlan plan, string persistenceId, long sequence, bool closedToo = false)
    {
        var nearest = catalog is null ? null : await NearestAsync(catalog, persistenceId, sequence).ConfigureAwait(false);
        if (nearest?.Sequence == sequence)
        {
            return nearest.State;
        }

        try
        {
            return ImageOf(await FoldAsync(system, plan, persistenceId, nearest, sequence).ConfigureAwait(false), closedToo);
        }
        catch (Exception error) when (nearest is not null && error is not IOException)
        {
            // It leads nowhere. The events are all there.
            return ImageOf(await FoldAsync(system, plan, persistenceId, null, sequence).ConfigureAwait(false), closedToo);
        }
    }

    private static RunImage? ImageOf(WorkflowState? state, bool closedToo) => state switch
    {
        WorkflowState.Open open => open.ToImage(),
        WorkflowState.Closed closed when closedToo => closed.ToImage(),
        _ => null,
    };

    private static async Task<WorkflowState?> FoldAsync(
        ActorSystem system, WorkflowPlan plan, string persistenceId, WorkflowCheckpoint? nearest, long sequence)
    {
        var rows = await JournalReader.ReadAsync(system, persistenceId, (nearest?.Sequence ?? 0) + 1, sequence).ConfigureAwait(false);
        if (rows.IsEmpty || rows[^1].Sequence != sequence)
        {
            return null;
        }

        var commits = rows.SelectMany(row => row.Commits).ToList();
        return Fold(plan, nearest, commits);
    }

    /// <summary>
    /// The state that a checkpoint and the commits after it lead to. A run that was started anew under its id, as children are, begins
    /// with its last start.
    /// </summary>
    /// <param name="plan">What the run runs.</param>
    /// <param name="checkpoint">Where to begin; null means at the first commit.</param>
    /// <param name="commits">What follows.</param>
    /// <param name="abandoned">Sees the children that the run leaves to themselves; null means that nobody asks.</param>
    /// <exception cref="InvalidOperationException">They lead nowhere.</exception>
    public static WorkflowState Fold(
        WorkflowPlan plan, WorkflowCheckpoint? checkpoint, IReadOnlyList<WorkflowCommit> commits, AbandonedChildren? abandoned = null)
    {
        var begin = commits.Count - 1;
        while (begin >= 0 && !commits[begin].Events.Any(e => e is WorkflowEvent.Started))
        {
            begin--;
        }

        return begin < 0 && checkpoint is not null
            ? commits.Aggregate(WorkflowState.Of(plan, checkpoint.State), (state, commit) => WorkflowDecider.Evolve(state, commit, abandoned))
            : commits.Skip(Math.Max(0, begin)).Aggregate(WorkflowState.Initial(plan), (state, commit) => WorkflowDecider.Evolve(state, commit, abandoned));
    }

    private static async Task<WorkflowCheckpoint?> NearestAsync(ICheckpointCatalog catalog, string persistenceId, long sequence)
    {
        var before = sequence + 1;
        while (await catalog.ListAsync(persistenceId, before, ListedAtATime).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var kept in page)
            {
                try
                {
                    if (await catalog.LoadAsync(persistenceId, kept.Sequence).ConfigureAwait(false) is { } checkpoint)
                    {
                        return checkpoint;
                    }
                }
                catch (InvalidDataException)
                {
                    // The events are all there: the one before does as well.
                }
            }

            before = page[^1].Sequence;
        }

        return null;
    }
}
