using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>Reads a run as it was after any row of its journal: from the nearest readable checkpoint, and the rows after it.</summary>
internal static class PastState
{
    private const int ListedAtATime = 20;

    /// <summary>Reads the run after the row of that number; null means that there is no such row, or that the run was closed by then.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="catalog">The checkpoints; null means that only the rows are read.</param>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="persistenceId">The persistence id of the run.</param>
    /// <param name="sequence">The number of the row.</param>
    /// <param name="closedToo">Whether a run that was closed by then is read as well.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public static async Task<RunImage?> ReadAsync(
        IRunJournal journal, ICheckpointCatalog? catalog, WorkflowPlan plan, string persistenceId, long sequence, bool closedToo = false)
    {
        var nearest = catalog is null ? null : await NearestAsync(catalog, persistenceId, sequence).ConfigureAwait(false);
        if (nearest?.Sequence == sequence)
        {
            return nearest.State;
        }

        try
        {
            return ImageOf(await FoldAsync(journal, plan, persistenceId, nearest, sequence).ConfigureAwait(false), closedToo);
        }
        catch (Exception error) when (nearest is not null && error is not IOException)
        {
            // The checkpoint does not lead to the state. The journal has all events.
            return ImageOf(await FoldAsync(journal, plan, persistenceId, null, sequence).ConfigureAwait(false), closedToo);
        }
    }

    private static RunImage? ImageOf(WorkflowState? state, bool closedToo) => state switch
    {
        WorkflowState.Open open => open.ToImage(),
        WorkflowState.Closed closed when closedToo => closed.ToImage(),
        _ => null,
    };

    private static async Task<WorkflowState?> FoldAsync(
        IRunJournal journal, WorkflowPlan plan, string persistenceId, WorkflowCheckpoint? nearest, long sequence)
    {
        var rows = await journal.ReadAsync(persistenceId, (nearest?.Sequence ?? 0) + 1, sequence).ConfigureAwait(false);
        if (rows.IsEmpty || rows[^1].Sequence != sequence)
        {
            return null;
        }

        var commits = rows.SelectMany(row => row.Commits).ToList();
        return Fold(plan, nearest, commits);
    }

    /// <summary>
    /// Computes the state from a checkpoint and the commits after it. A run that was started again under its id, like a child, begins
    /// with its last start.
    /// </summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="checkpoint">The checkpoint to begin from; null means the first commit.</param>
    /// <param name="commits">The commits after it.</param>
    /// <param name="abandoned">Collects the children that the run leaves; null means that they are not collected.</param>
    /// <exception cref="InvalidOperationException">A commit cannot follow the state before it.</exception>
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

    /// <summary>The newest checkpoint up to the row of that number that can be read; null means that there is none.</summary>
    public static async Task<WorkflowCheckpoint?> NearestAsync(ICheckpointCatalog catalog, string persistenceId, long sequence)
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
                    // The journal has all events: an earlier checkpoint gives the same state.
                }
            }

            before = page[^1].Sequence;
        }

        return null;
    }
}
