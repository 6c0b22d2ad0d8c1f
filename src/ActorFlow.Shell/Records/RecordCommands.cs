using System.CommandLine;
using System.Globalization;

namespace ActorFlow.Shell.Records;

/// <summary><c>actorflow show</c>, <c>history</c> and <c>checkpoints</c>: they show a run and its past without resuming it.</summary>
internal static class RecordCommands
{
    private const int Page = 1_000;

    /// <summary>The three verbs.</summary>
    public static IEnumerable<Command> Create(ShellConsole console)
    {
        yield return Show(console);
        yield return History(console);
        yield return Checkpoints(console);
    }

    private static Command Show(ShellConsole console)
    {
        var (run, data, output) = (RunWords.Run(), RunWords.Data(), OutputFormat.Option(console));
        var command = new Command("show", "Show a run: its status, its tasks, what it waits for, what failed, its output.") { run, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var records = new RunRecords(console, OutputFormat.IsJson(parsed, output));
            await records.ShowAsync(RunWords.Existing(parsed.GetValue(data)), parsed.GetRequiredValue(run), cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow show order-7", "actorflow show order-7 -o json | jq .questions");
        return command;
    }

    private static Command History(ShellConsole console)
    {
        var (run, data, output) = (RunWords.Run(), RunWords.Data(), OutputFormat.Option(console));
        var from = Positive("--from", "The number of the first row of the journal (1).");
        var limit = Positive("--limit", "How many lines at most (all).");
        var command = new Command("history", "Show what happened in a run, in order; the number before a line is what --to and --from of other verbs take.")
        {
            run, from, limit, data, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var records = new RunRecords(console, OutputFormat.IsJson(parsed, output));
            await records.HistoryAsync(
                RunWords.Existing(parsed.GetValue(data)), parsed.GetRequiredValue(run), parsed.GetValue(from) ?? 1, parsed.GetValue(limit) ?? long.MaxValue,
                Page, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow history order-7", "actorflow history order-7 --from 100 --limit 20", "actorflow history order-7 -o json");
        return command;
    }

    private static Command Checkpoints(ShellConsole console)
    {
        var (run, data, output) = (RunWords.Run(), RunWords.Data(), OutputFormat.Option(console));
        var show = RunWords.Checkpoint("--show", "Show in full what a checkpoint holds: any row of the journal has one.");
        var command = new Command("checkpoints", "List the checkpoints that are kept of a run, newest first, or show one.") { run, show, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var records = new RunRecords(console, OutputFormat.IsJson(parsed, output));
            var (directory, id) = (RunWords.Existing(parsed.GetValue(data)), parsed.GetRequiredValue(run));
            await (parsed.GetValue(show) is { } checkpoint
                ? records.CheckpointAsync(directory, id, checkpoint, cancellationToken)
                : records.CheckpointsAsync(directory, id, cancellationToken)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow checkpoints order-7", "actorflow checkpoints order-7 --show charge", "actorflow checkpoints order-7 --show '#12' -o json");
        return command;
    }

    private static Option<long?> Positive(string name, string description)
    {
        var option = new Option<long?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !(long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1))
            {
                result.AddError($"{name} takes a number from 1 up, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
        return option;
    }
}
