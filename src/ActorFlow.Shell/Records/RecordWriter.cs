using System.Globalization;

namespace ActorFlow.Shell.Records;

/// <summary>Writes what is known of runs, for people or for programs.</summary>
/// <param name="console">The console that it writes to.</param>
/// <param name="asJson">Whether programs will read it.</param>
internal sealed class RecordWriter(ShellConsole console, bool asJson)
{
    /// <summary>Writes a run, as it is now or was at a checkpoint.</summary>
    public Task WriteAsync(WorkflowDescription run) => asJson
        ? console.Out.WriteLineAsync(RecordJson.Of(run).ToString())
        : new RunPage(console.Out).WriteAsync(run);

    /// <summary>Writes a line of the history.</summary>
    public Task WriteAsync(HistoryEvent line) => console.Out.WriteLineAsync(asJson ? RecordJson.Of(line).ToString() : TextOf(line));

    /// <summary>Writes the list of the checkpoints that are kept.</summary>
    /// <param name="all">The checkpoints.</param>
    /// <param name="id">The run.</param>
    /// <param name="history">The command line that lists the points a run without checkpoints can be taken back to.</param>
    public async Task WriteAsync(IReadOnlyCollection<CheckpointSummary> all, string id, string history)
    {
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
        if (all.Count == 0)
        {
            await console.Error.WriteLineAsync($"the run {id} keeps no checkpoint; '{history}' lists the points that it can be taken back to")
                .ConfigureAwait(false);
        }
    }

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

    public static string SizeOf(long bytes)
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
