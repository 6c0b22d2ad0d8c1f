using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Records;

/// <summary>Writes a run on one page for people; long values are cut.</summary>
internal sealed class RunPage(TextWriter writer)
{
    private const int ValueWidth = 60;
    private const int TitleWidth = 30;

    /// <summary>Writes the page.</summary>
    public async Task WriteAsync(WorkflowDescription run)
    {
        await WriteHeadAsync(run).ConfigureAwait(false);
        await SectionAsync("Tasks", Tasks(run)).ConfigureAwait(false);
        await SectionAsync("Questions", Questions(run)).ConfigureAwait(false);
        await SectionAsync("Signals that nobody has taken", Signals(run)).ConfigureAwait(false);
        await SectionAsync("Failed", Failures(run)).ConfigureAwait(false);
        await SectionAsync("Failed, and tolerated", Tolerated(run)).ConfigureAwait(false);
        if (run.Result?.Output is { } output)
        {
            await writer.WriteLineAsync($"\nOutput\n{output}").ConfigureAwait(false);
        }
    }

    private async Task WriteHeadAsync(WorkflowDescription run)
    {
        var ended = run.Result?.ClosedAt;
        var took = Duration.Format((ended ?? run.UpdatedAt) - run.StartedAt);
        await writer.WriteLineAsync($"{run.Id}  {run.Definition.Name}@{run.Definition.Version}  {RunStatusText.WordOf(run)}").ConfigureAwait(false);
        string?[] lines =
        [
            run.Checkpoint is { } sequence ? Text($"checkpoint  #{sequence}, {TimeFormat.Of(run.UpdatedAt)}") : null,
            $"started     {TimeFormat.Of(run.StartedAt)}{(ended is { } at ? $", ended {TimeFormat.Of(at)} after {took}" : $", last change {TimeFormat.Of(run.UpdatedAt)}")}",
            $"input       {TerminalText.Fit(run.Input.ToString(), ValueWidth)}",
            run.Parent is { } parent ? $"parent      {parent}" : null,
            run.ForkedFrom is { } origin ? Text($"forked from {origin.Id} at checkpoint #{origin.Checkpoint}") : null,
            run.Tags.IsEmpty ? null : $"tags        {string.Join(' ', run.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}",
            run.Generation > 1 ? Text($"generation  {run.Generation}") : null,
            RunStatusText.ReasonOf(run) is { } reason ? $"reason      {OneLine.Of(reason)}" : run.Stopping is { } stopping ? $"stopping    {OneLine.Of(stopping)}" : null,
            run.ToUndo.IsEmpty ? null : $"to undo     {TerminalText.Fit(string.Join(", ", run.ToUndo), 200)}",
            run.CheckpointFailure is { } failure ? $"trouble     the last checkpoint could not be stored: {OneLine.Of(failure)}" : null,
        ];
        foreach (var line in lines.OfType<string>())
        {
            await writer.WriteLineAsync("  " + line).ConfigureAwait(false);
        }
    }

    private async Task SectionAsync(string title, TextTable? table)
    {
        if (table is not null)
        {
            await writer.WriteLineAsync($"\n{title}").ConfigureAwait(false);
            await table.WriteAsync(writer).ConfigureAwait(false);
        }
    }

    private static TextTable Tasks(WorkflowDescription run)
    {
        var table = new TextTable("TASK", "KIND", "STATE", "ATTEMPTS", "WHAT");
        foreach (var task in run.Tasks)
        {
            table.Add(NameOf(task), task.Kind, task.Phase.ToString().ToLowerInvariant(), Text($"{task.Attempts}"), WhatOf(run, task));
        }

        return table;
    }

    private static string NameOf(TaskDescription task) =>
        task.Title is { } title && title != task.Path ? $"{task.Path} ({TerminalText.Fit(title, TitleWidth)})" : task.Path;

    private static string WhatOf(WorkflowDescription run, TaskDescription task)
    {
        var until = $"{(task.Since is { } since ? $" since {TimeFormat.Of(since)}" : "")}{(task.Until is { } due ? $" until {TimeFormat.Of(due)}" : "")}";
        return task switch
        {
            { Phase: TaskPhase.Failed, Error: { } error } => $"{error.Type}: {error.Message}",
            { Wait: TaskWait.Place } => $"waits for its turn{until}",
            { Wait: TaskWait.Worker, Worker: { } worker } => $"runs {task.WaitsFor} on {worker}{until}",
            { Wait: TaskWait.Worker } when run.Waits.Any(wait => wait.Kind == WaitKind.Worker && wait.Task == task.Path) =>
                $"waits for a worker to run {task.WaitsFor}{until}",
            { Wait: TaskWait.Worker } => $"runs {task.WaitsFor}",
            { Wait: TaskWait.Retry } => $"waits for its next attempt{until}",
            { Wait: TaskWait.Iteration } => $"waits for {task.WaitsFor}{until}",
            { Wait: TaskWait.Delay } => $"waits{until}",
            { Wait: TaskWait.Signal } => $"waits for the signal {task.WaitsFor}{until}",
            { Wait: TaskWait.Answer } => $"asks: {task.WaitsFor}{until}",
            { Wait: TaskWait.Child } => $"waits for the run {task.WaitsFor}{until}",
            { Elements: { } elements } => Text($"{task.SettledElements} of {elements} elements"),
            { Output: { } output } => TerminalText.Fit(output.ToString(), ValueWidth),
            _ => "",
        };
    }

    private static TextTable? Questions(WorkflowDescription run)
    {
        var table = new TextTable("TASK", "KIND", "UNTIL", "PROMPT", "ANSWERS");
        foreach (var question in run.Questions)
        {
            table.Add(
                question.Task, AnswerText.KindOf(question), question.TimeoutAt is { } due ? TimeFormat.Of(due) : "-", question.Prompt, AnswerText.FormOf(question));
        }

        return run.Questions.IsEmpty ? null : table;
    }

    private static TextTable? Signals(WorkflowDescription run)
    {
        var table = new TextTable("NAME", "PAYLOAD");
        foreach (var signal in run.Signals)
        {
            table.Add(signal.Name, TerminalText.Fit(signal.Payload.ToString(), ValueWidth));
        }

        return run.Signals.IsEmpty ? null : table;
    }

    private static TextTable? Failures(WorkflowDescription run)
    {
        var table = new TextTable("TASK", "TYPE", "ATTEMPTS", "MESSAGE");
        foreach (var failed in run.Failures)
        {
            table.Add(failed.Path, failed.Type, Text($"{failed.Attempts}"), failed.Message);
        }

        return run.Failures.IsEmpty ? null : table;
    }

    private static TextTable? Tolerated(WorkflowDescription run)
    {
        var tolerated = ToleratedFailures.In(run);
        var table = new TextTable("TASK", "TYPE", "MESSAGE");
        foreach (var failed in tolerated)
        {
            table.Add(failed.Path, failed.Type, failed.Message);
        }

        return tolerated.IsEmpty ? null : table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
