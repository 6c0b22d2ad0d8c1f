using System.Globalization;

namespace ActorFlow.Shell.Records;

/// <summary>Reads the record of a run from a data directory, and writes it for people or for programs.</summary>
internal sealed class RunRecords(ShellConsole console, bool asJson)
{
    /// <summary>Writes the run as it is now.</summary>
    public Task ShowAsync(string directory, string id, CancellationToken cancellationToken) => StoredRecords.ReadAsync(directory, async runs =>
        await WriteAsync(await runs.DescribeAsync(id, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false));

    /// <summary>Writes what a checkpoint holds.</summary>
    public Task CheckpointAsync(string directory, string id, string checkpoint, CancellationToken cancellationToken) => StoredRecords.ReadAsync(directory, async runs =>
        await WriteAsync(await runs.CheckpointAsync(id, checkpoint, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false));

    /// <summary>Writes the list of the checkpoints that are kept.</summary>
    public Task CheckpointsAsync(string directory, string id, CancellationToken cancellationToken) => StoredRecords.ReadAsync(directory, async runs =>
    {
        var all = await runs.CheckpointsAsync(id, cancellationToken).ConfigureAwait(false);
        if (asJson)
        {
            foreach (var one in all)
            {
                await console.Out.WriteLineAsync(RecordJson.Of(one).ToString()).ConfigureAwait(false);
            }

            return;
        }

        var table = new TextTable("CHECKPOINT", "NAME", "TAKEN", "SIZE");
        foreach (var one in all)
        {
            table.Add(Number(one.Sequence), one.Name ?? "-", TimeFormat.Of(one.At), one.Bytes == 0 ? "in the journal" : SizeOf(one.Bytes));
        }

        await table.WriteAsync(console.Out).ConfigureAwait(false);
        if (all.IsEmpty)
        {
            await console.Error.WriteLineAsync($"the run {id} keeps no checkpoint; 'actorflow history {id}' lists the points that it can be taken back to")
                .ConfigureAwait(false);
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

                await console.Out.WriteLineAsync(asJson ? RecordJson.Of(line).ToString() : TextOf(line)).ConfigureAwait(false);
            }

            if (read.IsLast)
            {
                return;
            }

            place = read.Next;
        }
    });

    private Task WriteAsync(WorkflowDescription run) => asJson
        ? console.Out.WriteLineAsync(RecordJson.Of(run).ToString())
        : new RunPage(console.Out).WriteAsync(run);

    private static string TextOf(HistoryEvent line)
    {
        var attempt = line.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $" (attempt {line.Attempt})") : "";
        var until = line.Until is { } due ? $" until {TimeFormat.Of(due)}" : "";
        var value = line.Value is { } payload ? $" {TerminalText.Fit(payload.ToString(), 80)}" : "";
        var text = line.Text.Length > 0 ? " " + TerminalText.Fit(line.Text, 300) : "";
        var task = line.Task is { } path ? " " + path : "";
        return $"{Number(line.Token.Row),-6} {TimeFormat.Exactly(line.At)}  {line.Event,-18}{task}{attempt}{(task.Length + attempt.Length > 0 && text.Length > 0 ? ":" : "")}{text}{until}{value}";
    }

    private static string Number(long sequence) => string.Create(CultureInfo.InvariantCulture, $"#{sequence}");

    internal static string SizeOf(long bytes)
    {
        FormattableString text = bytes switch
        {
            < 1_024 => $"{bytes} B",
            < 1_024 * 1_024 => $"{bytes / 1_024.0:0.#} KB",
            _ => $"{bytes / (1_024.0 * 1_024):0.#} MB",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
