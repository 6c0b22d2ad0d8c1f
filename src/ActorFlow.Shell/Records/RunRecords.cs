using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Records;

/// <summary>Reads the record of a run from a data directory, and writes it for people or for programs.</summary>
internal sealed class RunRecords(ShellConsole console, bool asJson)
{
    /// <summary>Writes the run as it is now.</summary>
    public Task ShowAsync(string directory, string id, CancellationToken cancellationToken) => ReadAsync(directory, async node =>
    {
        var details = await node.Engine.DetailsAsync(id, cancellationToken).ConfigureAwait(false);
        var plan = await node.PlanOfAsync(details.Image.Definition, cancellationToken).ConfigureAwait(false);
        var ended = details.Outcome is null
            ? null
            : await node.Engine.StatusOfAsync(id, cancellationToken).ConfigureAwait(false) as WorkflowReply.Ended;
        await WriteAsync(new(RunDescription.Of(plan, details.Image)) { Ended = ended, CheckpointFailure = details.CheckpointFailure }).ConfigureAwait(false);
    });

    /// <summary>Writes what a checkpoint holds.</summary>
    public Task CheckpointAsync(string directory, string id, string checkpoint, CancellationToken cancellationToken) => ReadAsync(directory, async node =>
    {
        var kept = await node.Engine.CheckpointAsync(id, checkpoint, cancellationToken).ConfigureAwait(false);
        var plan = await node.PlanOfAsync(kept.Image.Definition, cancellationToken).ConfigureAwait(false);
        await WriteAsync(new(RunDescription.Of(plan, kept.Image)) { Checkpoint = kept.Sequence }).ConfigureAwait(false);
    });

    /// <summary>Writes the list of the checkpoints that are kept.</summary>
    public Task CheckpointsAsync(string directory, string id, CancellationToken cancellationToken) => ReadAsync(directory, async node =>
    {
        var all = await node.Engine.CheckpointsAsync(id, cancellationToken).ConfigureAwait(false);
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
    /// <param name="page">How many rows to read at a time.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task HistoryAsync(string directory, string id, long from, long limit, int page, CancellationToken cancellationToken) => ReadAsync(directory, async node =>
    {
        HistoryReader? history = null;
        var left = limit;
        for (long next = 1, last = 1; next <= last && left > 0;)
        {
            var read = await node.Engine.HistoryAsync(id, next, page, cancellationToken).ConfigureAwait(false);
            (next, last) = (read.Rows.IsEmpty ? long.MaxValue : read.Rows[^1].Sequence + 1, read.Last);
            foreach (var row in read.Rows)
            {
                foreach (var commit in row.Commits)
                {
                    if (commit.Events.OfType<WorkflowEvent.Started>().FirstOrDefault() is { } started)
                    {
                        // The parent started the child again, so it begins anew in the same journal.
                        history = new(await node.PlanOfAsync(started.Definition, cancellationToken).ConfigureAwait(false));
                    }

                    // Earlier rows are read too, because the paths follow from them.
                    var lines = history!.Read(commit);
                    foreach (var line in row.Sequence < from ? [] : lines)
                    {
                        if (left-- <= 0)
                        {
                            return;
                        }

                        await console.Out.WriteLineAsync(asJson ? RecordJson.Of(row.Sequence, line).ToString() : TextOf(row.Sequence, line)).ConfigureAwait(false);
                    }
                }
            }
        }
    });

    private static async Task ReadAsync(string directory, Func<EmbeddedNode, Task> read)
    {
        await using var node = await EmbeddedNode.StartIdleAsync(directory).ConfigureAwait(false);
        await node.AskAsync(async () =>
        {
            await read(node).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    private Task WriteAsync(ShownRun run) => asJson
        ? console.Out.WriteLineAsync(RecordJson.Of(run).ToString())
        : new RunPage(console.Out).WriteAsync(run);

    private static string TextOf(long sequence, HistoryLine line)
    {
        var attempt = line.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $" (attempt {line.Attempt})") : "";
        var until = line.Until is { } due ? $" until {TimeFormat.Of(due)}" : "";
        var value = line.Value is { } payload ? $" {TerminalText.Fit(payload.ToString(), 80)}" : "";
        var text = line.Text.Length > 0 ? " " + TerminalText.Fit(line.Text, 300) : "";
        var task = line.Task is { } path ? " " + path : "";
        return $"{Number(sequence),-6} {TimeFormat.Exactly(line.At)}  {line.Event,-18}{task}{attempt}{(task.Length + attempt.Length > 0 && text.Length > 0 ? ":" : "")}{text}{until}{value}";
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

/// <summary>A run as it is shown: now, or at a checkpoint.</summary>
/// <param name="Description">The run.</param>
internal sealed record ShownRun(RunDescription Description)
{
    /// <summary>How it ended; null means that it is open, or was at the checkpoint.</summary>
    public WorkflowReply.Ended? Ended { get; init; }

    /// <summary>The number of the checkpoint; null means that the run is shown as it is now.</summary>
    public long? Checkpoint { get; init; }

    /// <summary>Why its last checkpoint could not be stored; null means that it was stored.</summary>
    public string? CheckpointFailure { get; init; }

    /// <summary>Its status in one word.</summary>
    public string Status => this switch
    {
        { Ended: { } ended } => ended.Outcome.ToString().ToLowerInvariant(),
        { Description.Paused: true } => "paused",
        { Description.Stopping: not null } => "stopping",
        { Description.OnlyWaits: true } => "waiting",
        _ => "running",
    };

    /// <summary>Its output; null means that it has none.</summary>
    public Payload? Output => Ended is { Outcome: RunOutcome.Completed } ended ? ended.Output : null;

    /// <summary>Why it did not complete; null means that it is open or completed.</summary>
    public string? Reason => Ended?.Error is { } error ? $"{error.Type}: {error.Message}" : Ended?.Reason;
}
