using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Runtime.Client;

/// <summary>
/// Reads runs from a store on which no node runs: nothing of them is begun, no due time is acted upon, nothing is written. A node needs about a
/// second to start; this needs none.
/// </summary>
internal sealed class StoredRuns
{
    private const int RowsAtATime = 200;

    private readonly ITableStore _tables;
    private readonly ICheckpointCatalog _checkpoints;
    private readonly PlanCache _plans;
    private readonly StoredJournal _journal;

    /// <param name="store">An open store that is on disk. It stays the caller's to dispose.</param>
    /// <exception cref="ArgumentException">The store is in memory.</exception>
    public StoredRuns(PersistenceStore store)
    {
        _tables = store as ITableStore ?? throw new ArgumentException("What is in memory ends with its node.", nameof(store));
        (_checkpoints, _plans, _journal) = (store.Checkpoints, new(store.Definitions, TimeProvider.System), new(_tables.Journal));
    }

    /// <summary>Describes a run as its last row left it.</summary>
    /// <inheritdoc cref="CheckpointsAsync"/>
    public Task<WorkflowDescription> DescribeAsync(string id, CancellationToken cancellationToken = default) => ReadAsync(id, async () =>
    {
        var run = await RecoverAsync(id, cancellationToken).ConfigureAwait(false);
        return run.State switch
        {
            WorkflowState.Closed closed => RunDescriber.Describe(run.Plan, closed.ToImage(), LocalWorkflowClient.ResultOf(RunQueries.EndOf(id, closed))),
            WorkflowState.Open open => RunDescriber.Describe(run.Plan, open.ToImage()),
            _ => throw NotFound(id),
        };
    });

    /// <summary>Reads events of a run.</summary>
    /// <param name="id">The id of the run.</param>
    /// <returns>Reads the pages, in order, each from where the one before ended.</returns>
    public RunHistory HistoryOf(string id) => new((from, cancellationToken) => RowsAsync(id, from, cancellationToken), _plans.RequireAsync, id);

    /// <summary>Lists the checkpoints that are kept of a run, newest first.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="WorkflowRefusedException">There is no such run, or it cannot be read.</exception>
    public Task<ImmutableArray<CheckpointSummary>> CheckpointsAsync(string id, CancellationToken cancellationToken = default) => ReadAsync(id, async () =>
    {
        var run = await RecoverAsync(id, cancellationToken).ConfigureAwait(false);
        return ((WorkflowReply.Checkpoints)await KeptCheckpoints.ListAsync(_checkpoints, id, run.Checkpoints.Named).ConfigureAwait(false)).All;
    });

    /// <summary>Describes a run as it was when a checkpoint was taken.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="checkpoint">The name of the checkpoint, or the number of a row of the journal.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="WorkflowRefusedException">There is no such run or checkpoint, or it cannot be read.</exception>
    public Task<WorkflowDescription> CheckpointAsync(string id, string checkpoint, CancellationToken cancellationToken = default) => ReadAsync(id, async () =>
    {
        var run = await RecoverAsync(id, cancellationToken).ConfigureAwait(false);
        var image = run.Checkpoints.Find(checkpoint) is { } sequence && sequence <= run.Last
            ? await PastState.ReadAsync(_journal, _checkpoints, run.Plan, PersistenceIds.Of(id), sequence).ConfigureAwait(false)
            : null;
        return image is null
            ? throw WorkflowRefusedException.Of("checkpoint-not-found", $"The workflow run '{id}' has no checkpoint '{checkpoint}'.")
            : RunDescriber.Describe(run.Plan, image) with { Checkpoint = run.Checkpoints.Find(checkpoint) };
    });

    private async Task<WorkflowReply.History> RowsAsync(string id, long from, CancellationToken cancellationToken) => await ReadAsync(id, async () =>
    {
        var last = await LastOfAsync(id).WaitAsync(cancellationToken).ConfigureAwait(false);
        var rows = await JournalPage.ReadAsync(_journal, PersistenceIds.Of(id), from, last, RowsAtATime).WaitAsync(cancellationToken).ConfigureAwait(false);
        // Another first row: the run is being purged.
        return rows is [] && from > 1 || rows is [var first, ..] && first.Sequence == from ? new WorkflowReply.History(id, rows, last) : throw NotFound(id);
    }).ConfigureAwait(false);

    private Task<long> LastOfAsync(string id) => _tables.Journal.HighestSequenceNrAsync(PersistenceIds.Of(id));

    private async Task<StoredRun> RecoverAsync(string id, CancellationToken cancellationToken)
    {
        var persistenceId = PersistenceIds.Of(id);
        var last = await LastOfAsync(id).WaitAsync(cancellationToken).ConfigureAwait(false);
        var nearest = await PastState.NearestAsync(_checkpoints, persistenceId, last).WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await FoldAsync(id, nearest, last, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (nearest is not null && error is InvalidOperationException or InvalidDataException)
        {
            // The checkpoint does not lead to the state. The journal has all events.
            return await FoldAsync(id, null, last, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<StoredRun> FoldAsync(string id, WorkflowCheckpoint? checkpoint, long last, CancellationToken cancellationToken)
    {
        var (replay, checkpoints) = (new Replay(), new CheckpointBook());
        if (checkpoint is not null)
        {
            replay.Begin(checkpoint);
            checkpoints.Begin(checkpoint);
        }

        foreach (var row in await _journal.ReadAsync(PersistenceIds.Of(id), (checkpoint?.Sequence ?? 0) + 1, last).WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            replay.Add(row.Sequence, row.Commits);
            checkpoints.Note(row.Sequence, row.Commits);
        }

        if (replay.Definition is not { } definition || !replay.IsWhole(last))
        {
            throw NotFound(id);
        }

        var plan = await _plans.RequireAsync(definition, cancellationToken).ConfigureAwait(false);
        return new(replay.Fold(plan), plan, checkpoints, last);
    }

    /// <summary>Reads; what cannot be read says of which run.</summary>
    private static async Task<T> ReadAsync<T>(string id, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or InvalidOperationException or UnreadableDefinitionException)
        {
            throw WorkflowRefusedException.Of("unreadable", $"The run '{id}' cannot be read back from the store: {error.Message}", error);
        }
    }

    private static WorkflowRefusedException NotFound(string id) =>
        WorkflowRefusedException.Of("workflow-not-found", $"There is no workflow run '{id}'.");

    private sealed record StoredRun(WorkflowState State, WorkflowPlan Plan, CheckpointBook Checkpoints, long Last);
}
