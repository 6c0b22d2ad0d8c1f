using ActorFlow.Node.Admin;

namespace ActorFlow.Shell.Records;

/// <summary>Reads the record of a run from a data directory, and writes it for people or for programs.</summary>
internal sealed class RunRecords(ShellConsole console, bool asJson)
{
    private readonly AnswerWriter _writer = new(console, asJson);

    /// <summary>Writes the run as it is now.</summary>
    public Task ShowAsync(string directory, string id, CancellationToken cancellationToken) => StoredRecords.ReadAsync(directory, async runs =>
        await _writer.WriteAsync(new AdminAnswer.Description(await runs.DescribeAsync(id, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false));

    /// <summary>Writes what a checkpoint holds.</summary>
    public Task CheckpointAsync(string directory, string id, string checkpoint, CancellationToken cancellationToken) => StoredRecords.ReadAsync(directory, async runs =>
        await _writer.WriteAsync(new AdminAnswer.Description(await runs.CheckpointAsync(id, checkpoint, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false));

    /// <summary>Writes the list of the checkpoints that are kept.</summary>
    public Task CheckpointsAsync(string directory, string id, CancellationToken cancellationToken) => StoredRecords.ReadAsync(directory, async runs =>
    {
        var all = await runs.CheckpointsAsync(id, cancellationToken).ConfigureAwait(false);
        foreach (var one in all)
        {
            await _writer.WriteAsync(new AdminAnswer.Checkpoint(one)).ConfigureAwait(false);
        }

        await _writer.CompleteAsync().ConfigureAwait(false);
        if (all.IsEmpty)
        {
            await _writer.WriteAsync(new AdminAnswer.Note($"the run {id} keeps no checkpoint; 'actorflow history {id}' lists the points that it can be taken back to")).ConfigureAwait(false);
        }
    });

    /// <summary>Writes lines of the history.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="id">The run.</param>
    /// <param name="from">The number of the first row to write, from 1.</param>
    /// <param name="limit">How many lines at most.</param>
    /// <param name="page">How many events to read at a time.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task HistoryAsync(string directory, string id, long from, long limit, int page, CancellationToken cancellationToken) => StoredRecords.ReadAsync(directory, async runs =>
    {
        var (place, left, history) = (HistoryToken.Start, limit, runs.HistoryOf(id));
        while (left > 0)
        {
            var read = await history.ReadAsync(place, page, cancellationToken).ConfigureAwait(false);
            foreach (var line in read.Items.Where(line => line.Token.Row >= from))
            {
                if (left-- <= 0)
                {
                    return;
                }

                await _writer.WriteAsync(new AdminAnswer.Event(line)).ConfigureAwait(false);
            }

            if (read.IsLast)
            {
                return;
            }

            place = read.Next;
        }
    });
}
