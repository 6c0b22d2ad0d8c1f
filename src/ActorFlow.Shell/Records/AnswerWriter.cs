using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Node.Admin;
using ActorFlow.Node.Json;
using ActorFlow.Shell.Runs;
using ActorFlow.Shell.Validation;

namespace ActorFlow.Shell.Records;

/// <summary>Writes what commands answer, for people or for programs.</summary>
/// <param name="console">The console that it writes to.</param>
/// <param name="asJson">Whether programs will read it.</param>
internal sealed class AnswerWriter(ShellConsole console, bool asJson)
{
    private const int HashWidth = 12;
    private const int FailureWidth = 80;
    private const int NameWidth = 40;

    private TextTable? _table;

    /// <summary>Whether the result of a run is written whole; the default is that its output is written alone.</summary>
    public bool IsResultWhole { get; init; }

    /// <summary>Writes an answer; rows for people are written by <see cref="CompleteAsync"/>.</summary>
    public async Task WriteAsync(AdminAnswer answer)
    {
        if (answer is AdminAnswer.Run or AdminAnswer.Checkpoint or AdminAnswer.Definition or AdminAnswer.Key or AdminAnswer.Audited && !asJson)
        {
            AddRow(answer);
            return;
        }

        await CompleteAsync().ConfigureAwait(false);
        await (answer switch
        {
            AdminAnswer.Run run => console.Out.WriteLineAsync(AnswerJson.Of(run.Value).ToString()),
            AdminAnswer.Checkpoint one => console.Out.WriteLineAsync(RecordJson.Of(one.Value).ToString()),
            AdminAnswer.Definition one => console.Out.WriteLineAsync(AnswerJson.Of(one.Value).ToString()),
            AdminAnswer.Description run => asJson ? console.Out.WriteLineAsync(RecordJson.Of(run.Value).ToString()) : new RunPage(console.Out).WriteAsync(run.Value),
            AdminAnswer.Explanation run => asJson ? console.Out.WriteLineAsync(AnswerJson.Of(run.Value).ToString()) : WriteAsync(run.Value),
            AdminAnswer.Key key => console.Out.WriteLineAsync(AnswerJson.Of(key.Value).ToString()),
            AdminAnswer.MadeKey made => WriteAsync(made),
            AdminAnswer.Audited entry => console.Out.WriteLineAsync(AnswerJson.Of(entry.Value).ToString()),
            AdminAnswer.Event line => console.Out.WriteLineAsync(asJson ? RecordJson.Of(line.Value).ToString() : TextOf(line.Value)),
            AdminAnswer.Counts counts => WriteAsync(counts.Value),
            AdminAnswer.Started run => WriteAsync(run.Value, run.IsAll),
            AdminAnswer.Ended run => WriteAsync(run.Value),
            AdminAnswer.Content definition => console.Out.WriteLineAsync(
                asJson ? definition.Value.Content.ToString() : DefinitionYaml.Write(definition.Value.Content).TrimEnd()),
            AdminAnswer.Problem problem => ValidateCommand.WriteAsync(console, problem.Value, asJson),
            AdminAnswer.Valid valid => asJson ? Task.CompletedTask : console.Out.WriteLineAsync($"{valid.File}: valid"),
            AdminAnswer.Done done => asJson ? console.Out.WriteLineAsync(AnswerJson.Of(done).ToString()) : console.Error.WriteLineAsync(done.Text),
            AdminAnswer.Note note => console.Error.WriteLineAsync(note.Text),
            _ => Task.CompletedTask,
        }).ConfigureAwait(false);
    }

    /// <summary>Writes the rows that are not written yet.</summary>
    public async Task CompleteAsync()
    {
        if (_table is { } table)
        {
            _table = null;
            await table.WriteAsync(console.Out).ConfigureAwait(false);
        }
    }

    private void AddRow(AdminAnswer answer)
    {
        switch (answer)
        {
            case AdminAnswer.Run { Value: var run }:
                _table ??= new("RUN", "DEFINITION", "STATUS", "STARTED", "ENDED", "WHY");
                _table.Add(
                    run.Id, Text($"{run.Definition}@{run.Version}"), run.Status.ToWord(), TimeFormat.Of(run.StartedAt),
                    run.ClosedAt is { } ended ? TimeFormat.Of(ended) : "-", run.Failure is { } failure ? TerminalText.Fit($"{failure.Type}: {failure.Message}", FailureWidth) : "");
                break;
            case AdminAnswer.Checkpoint { Value: var one }:
                _table ??= new("CHECKPOINT", "NAME", "TAKEN", "SIZE");
                _table.Add(Text($"#{one.Sequence}"), one.Name ?? "-", TimeFormat.Of(one.At), one.Bytes == 0 ? "in the journal" : ByteSize.Of(one.Bytes));
                break;
            case AdminAnswer.Key { Value: var key }:
                _table ??= new("KEY", "NAME", "ROLE", "MADE", "BY", "EXPIRES", "REVOKED");
                _table.Add(key.Id, key.Name, key.Role, TimeFormat.Of(key.Created), key.CreatedBy, key.Expires is { } end ? TimeFormat.Of(end) : "-", key.Revoked is { } gone ? TimeFormat.Of(gone) : "-");
                break;
            case AdminAnswer.Audited { Value: var entry }:
                _table ??= new("AT", "WHO", "ROLE", "DID", "TO", "OUTCOME", "TIMES");
                _table.Add(
                    TimeFormat.Of(entry.Time), TerminalText.Fit(entry.Caller, NameWidth), entry.Role, entry.Verb.Length > 0 ? entry.Verb : "-",
                    entry.Target.Length > 0 ? TerminalText.Fit(entry.Target, NameWidth) : "-", entry.Outcome, Text($"{entry.Count}"));
                break;
            case AdminAnswer.Definition { Value: var definition }:
                _table ??= new("NAME", "VERSION", "REGISTERED", "HASH");
                _table.Add(
                    definition.Name, Text($"{definition.Version}"), TimeFormat.Of(definition.Registered), definition.Hash[..Math.Min(HashWidth, definition.Hash.Length)]);
                break;
        }
    }

    private async Task WriteAsync(WorkflowExplanation explained)
    {
        await console.Out.WriteLineAsync($"{explained.Id}: {explained.Status.ToWord()}. {explained.Summary}").ConfigureAwait(false);
        foreach (var reason in explained.Reasons)
        {
            var since = reason.Since is { } from ? $" Since {TimeFormat.Of(from)}." : "";
            var until = reason.Until is { } due ? $" Until {TimeFormat.Of(due)}." : "";
            await console.Out.WriteLineAsync($"- {OneLine.Of(reason.Text)}{since}{until}").ConfigureAwait(false);
            if (reason.Command is { } command)
            {
                await console.Out.WriteLineAsync($"    {command}").ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(AdminAnswer.MadeKey made)
    {
        if (asJson && IsResultWhole)
        {
            await console.Out.WriteLineAsync(AnswerJson.Of(made).ToString()).ConfigureAwait(false);
            return;
        }

        await console.Error.WriteLineAsync($"the key {made.Value.Name} ({made.Value.Role}) is made; it is shown this once:").ConfigureAwait(false);
        await console.Out.WriteLineAsync(made.Text).ConfigureAwait(false);
    }

    private Task WriteAsync(IReadOnlyDictionary<WorkflowStatus, long> counts)
    {
        var sorted = counts.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key).ToList();
        if (asJson)
        {
            return console.Out.WriteLineAsync(AnswerJson.Of(sorted).ToString());
        }

        var table = new TextTable("STATUS", "RUNS");
        sorted.ForEach(pair => table.Add(pair.Key.ToWord(), Text($"{pair.Value}")));
        return table.WriteAsync(console.Out);
    }

    private Task WriteAsync(WorkflowHandle run, bool isAll)
    {
        var text = run.Started is { } started ? Text($"{run.Id}  {started.Definition}@{started.Version}  {(started.Created ? "started" : "was started before")}") : run.Id;
        return !isAll ? console.Error.WriteLineAsync(text) : console.Out.WriteLineAsync(asJson ? AnswerJson.Of(run).ToString() : text);
    }

    private async Task WriteAsync(WorkflowResult result)
    {
        foreach (var task in result.Failures)
        {
            await console.Error.WriteLineAsync(ResultText.Of(task)).ConfigureAwait(false);
        }

        var reason = result.Failure is { } failure ? $"{failure.Type}: {failure.Message}" : result.Reason;
        var why = reason is not null && result.Failures.IsDefaultOrEmpty ? $": {OneLine.Of(reason)}" : "";
        var took = Duration.Format(result.ClosedAt - result.StartedAt);
        await console.Error.WriteLineAsync($"{result.Definition.Name} v{result.Definition.Version} {ResultText.Of(result.Status)} in {took} (id {result.Id}){why}").ConfigureAwait(false);
        if (IsResultWhole)
        {
            var whole = new RunResult(result.Status, result.Output, reason, result.Failures) { StartedAt = result.StartedAt, EndedAt = result.ClosedAt };
            await console.Out.WriteLineAsync(RunResultJson.Of(result.Id, whole).ToString()).ConfigureAwait(false);
        }
        else if (result.Output is not null)
        {
            await console.Out.WriteLineAsync(result.Output.ToString()).ConfigureAwait(false);
        }
    }

    private static string TextOf(HistoryEvent line)
    {
        var attempt = line.Attempt > 1 ? Text($" (attempt {line.Attempt})") : "";
        var until = line.Until is { } due ? $" until {TimeFormat.Of(due)}" : "";
        var value = line.Value is { } payload ? $" {TerminalText.Fit(payload.ToString(), 80)}" : "";
        var text = line.Text.Length > 0 ? " " + TerminalText.Fit(line.Text, 300) : "";
        var task = line.Task is { } path ? " " + path : "";
        return $"{Text($"#{line.Token.Row}"),-6} {TimeFormat.Exactly(line.At)}  {line.Event,-18}{task}{attempt}{(task.Length + attempt.Length > 0 && text.Length > 0 ? ":" : "")}{text}{until}{value}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
