using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Runtime.Client;

/// <summary>
/// Reads the history of one run, in order. It follows the run from the first row on, because the paths of tasks follow from what
/// was before; so whoever reads on keeps it.
/// </summary>
/// <param name="engine">Reads the rows.</param>
/// <param name="plans">The plans of definitions.</param>
/// <param name="id">The id of the run.</param>
internal sealed class RunHistory(WorkflowEngine engine, PlanCache plans, string id)
{
    private const int RowsAtATime = 200;

    private HistoryReader? _reader;
    private Guid _runId;
    private long _lastRow;

    /// <summary>The place of the last event that was read.</summary>
    public HistoryToken Place { get; private set; }

    /// <summary>The number of the last row that was read; 0 before the first.</summary>
    public long LastRow => _lastRow;

    /// <summary>Whether the last event that was read ended the run.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads events.</summary>
    /// <param name="from">The place behind which they are wanted; it is not before what was read already.</param>
    /// <param name="limit">How many suffice. The events of one row are never split.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WorkflowRefusedException">There is no such run; <c>gone</c>: the place is of another run of that id.</exception>
    public async Task<HistoryPage> ReadAsync(HistoryToken from, int limit, CancellationToken cancellationToken)
    {
        var events = new List<HistoryEvent>();
        while (true)
        {
            var page = await engine.HistoryAsync(id, _lastRow + 1, RowsAtATime, cancellationToken).ConfigureAwait(false);
            foreach (var row in page.Rows)
            {
                var isFirst = _lastRow == 0;
                await ReadRowAsync(row, events, cancellationToken).ConfigureAwait(false);
                if ((isFirst && from.Row > 0 && row.Sequence > from.Row) || (row.Sequence == from.Row && _runId != from.RunId))
                {
                    throw Gone();
                }

                events.RemoveAll(read => read.Token.CompareTo(from) <= 0);
                if (events.Count >= limit)
                {
                    return new([.. events], Place, row.Sequence >= page.Last);
                }
            }

            if (page.Rows.IsEmpty || _lastRow >= page.Last)
            {
                return from.Row > _lastRow ? throw Gone() : new([.. events], Later(from, Place), IsLast: true);
            }
        }
    }

    private static HistoryToken Later(HistoryToken one, HistoryToken other) => one.CompareTo(other) > 0 ? one : other;

    private async Task ReadRowAsync(JournalEntry row, List<HistoryEvent> events, CancellationToken cancellationToken)
    {
        var index = 0;
        foreach (var commit in row.Commits)
        {
            if (commit.Events.OfType<WorkflowEvent.Started>().FirstOrDefault() is { } started)
            {
                // A child that its parent starts again begins anew in the same journal; any other run is one that used the id again.
                _runId = _reader is null || started.Parent is not null ? started.RunId : throw Gone();
                _reader = new(await plans.RequireAsync(started.Definition, cancellationToken).ConfigureAwait(false));
            }

            foreach (var read in _reader!.Read(commit))
            {
                Place = new(_runId, row.Sequence, index++);
                events.Add(read with { Token = Place });
            }

            HasEnded = commit.Events is [.., WorkflowEvent.Completed or WorkflowEvent.Failed or WorkflowEvent.Cancelled or WorkflowEvent.Terminated];
        }

        _lastRow = row.Sequence;
    }

    private NotFoundException Gone() => (NotFoundException)WorkflowRefusedException.Of(
        "gone", $"The place is not in the history of the run '{id}': the run that it belongs to was purged.");
}
