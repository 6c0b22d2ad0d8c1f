using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Runtime.Client;

/// <summary>
/// Reads the history of one run, in order. It follows the run from the first row on, because the paths of tasks follow from what
/// was before; so whoever reads on keeps it. A read that fails may be repeated: what was read before it failed is not lost.
/// </summary>
/// <param name="rows">Reads rows of the journal, from a number on.</param>
/// <param name="plans">Reads the plan of a definition.</param>
/// <param name="id">The id of the run.</param>
internal sealed class RunHistory(
    Func<long, CancellationToken, Task<WorkflowReply.History>> rows, Func<DefinitionReference, CancellationToken, Task<WorkflowPlan>> plans, string id)
{
    private const int RowsAtATime = 200;

    // What a read that failed had found.
    private readonly List<HistoryEvent> _found = [];
    private HistoryReader? _reader;
    private Guid _runId;

    /// <summary>Makes the history of a run.</summary>
    /// <param name="engine">Reads the rows.</param>
    /// <param name="plans">The plans of definitions.</param>
    /// <param name="id">The id of the run.</param>
    public RunHistory(WorkflowEngine engine, PlanCache plans, string id)
        : this((from, cancellationToken) => engine.HistoryAsync(id, from, RowsAtATime, cancellationToken), plans.RequireAsync, id)
    {
    }

    /// <summary>The place of the last event that was read.</summary>
    public HistoryToken Place { get; private set; }

    /// <summary>The number of the last row that was read; 0 before the first.</summary>
    public long LastRow { get; private set; }

    /// <summary>Whether the last event that was read ended the run.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads events.</summary>
    /// <param name="from">The place behind which they are wanted; it is not before what was read already.</param>
    /// <param name="limit">How many suffice. The events of one row are never split.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WorkflowRefusedException">There is no such run; <c>gone</c>: the place is of another run of that id.</exception>
    public async Task<HistoryPage> ReadAsync(HistoryToken from, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await rows(LastRow + 1, cancellationToken).ConfigureAwait(false);
            foreach (var row in page.Rows)
            {
                var isFirst = LastRow == 0;
                await ReadRowAsync(row, from, cancellationToken).ConfigureAwait(false);
                if ((isFirst && from.Row > 0 && row.Sequence > from.Row) || (row.Sequence == from.Row && _runId != from.RunId))
                {
                    throw Gone();
                }

                if (_found.Count >= limit)
                {
                    return new(TakeFound(), Place, row.Sequence >= page.Last);
                }
            }

            if (page.Rows.IsEmpty || LastRow >= page.Last)
            {
                return from.Row > LastRow ? throw Gone() : new(TakeFound(), from.CompareTo(Place) > 0 ? from : Place, IsLast: true);
            }
        }
    }

    private ImmutableArray<HistoryEvent> TakeFound()
    {
        ImmutableArray<HistoryEvent> found = [.. _found];
        _found.Clear();
        return found;
    }

    private async Task ReadRowAsync(JournalEntry row, HistoryToken from, CancellationToken cancellationToken)
    {
        // First all that may fail, so that a row is read as a whole or not at all.
        var readers = new Queue<HistoryReader>();
        foreach (var started in row.Commits.Select(StartIn).OfType<WorkflowEvent.Started>())
        {
            readers.Enqueue(new(await plans(started.Definition, cancellationToken).ConfigureAwait(false)));
        }

        var index = 0;
        foreach (var commit in row.Commits)
        {
            if (StartIn(commit) is { } started)
            {
                // A child that its parent starts again begins anew in the same journal; any other run is one that used the id again.
                _runId = _reader is null || started.Parent is not null ? started.RunId : throw Gone();
                _reader = readers.Dequeue();
            }

            foreach (var read in _reader!.Read(commit))
            {
                Place = new(_runId, row.Sequence, index++);
                if (Place.CompareTo(from) > 0)
                {
                    _found.Add(read with { Token = Place });
                }
            }

            HasEnded = commit.Events is [.., WorkflowEvent.Completed or WorkflowEvent.Failed or WorkflowEvent.Cancelled or WorkflowEvent.Terminated];
        }

        LastRow = row.Sequence;
    }

    private static WorkflowEvent.Started? StartIn(WorkflowCommit commit) => commit.Events.OfType<WorkflowEvent.Started>().FirstOrDefault();

    private NotFoundException Gone() => (NotFoundException)WorkflowRefusedException.Of(
        "gone", $"The place is not in the history of the run '{id}': the run that it belongs to was purged.");
}
