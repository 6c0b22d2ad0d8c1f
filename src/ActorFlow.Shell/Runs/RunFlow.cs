using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Shell.Asking;

namespace ActorFlow.Shell.Runs;

/// <summary>The display options of the verbs that run something.</summary>
/// <param name="File">The workflow file; null means that the run has its definition already.</param>
/// <param name="DataDirectory">The data directory as it was named; null means the default.</param>
/// <param name="Quiet">Whether to show no progress.</param>
/// <param name="AsJson">Whether programs will read the output.</param>
internal sealed record RunOptions(string? File, string? DataDirectory, bool Quiet, bool AsJson);

/// <summary>Runs something, from its first line of progress to its exit code.</summary>
internal sealed class RunFlow(ShellConsole console, IWorkflowRunner runner, TimeProvider clock)
{
    private const int MostTolerated = 10;
    private const int MostMeanwhile = 5;

    /// <summary>Runs a request.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="options">How to show it.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(RunRequest request, RunOptions options, CancellationToken cancellationToken)
    {
        OfferedHandlers.Check(request.Definitions, options.File ?? request.Id, runner.Handlers);
        var goOn = $"go on with: {CommandLine.Of(["actorflow", "run", options.File, "--id", request.Id, .. DataOf(options)])}";
        using var interrupts = new Interrupts(() => LeaveAtOnce(goOn), cancellationToken).Listen();
        try
        {
            var result = await WatchAsync(request, options, interrupts.Token).ConfigureAwait(false);
            await ReportAsync(options, request.Id, result, goOn).ConfigureAwait(false);
            return result.Status switch
            {
                WorkflowStatus.Completed => ExitCode.Done,
                WorkflowStatus.Waiting => ExitCode.Interrupted,
                _ => ExitCode.RunFailed,
            };
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            var (line, exitCode) = Interruption(goOn);
            await console.Error.WriteLineAsync(line).ConfigureAwait(false);
            return exitCode;
        }
    }

    private async Task<RunResult> WatchAsync(RunRequest request, RunOptions options, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var title = request.Definitions is [var main, ..] ? $"{main.Name} v{main.Version}" : request.Id;
        using var turn = new TerminalTurn();
        IPrompt absent = new AbsentPrompt(console.Error, options.DataDirectory);
        var board = !options.Quiet && console.ErrorIsTerminal && console.ErrorMovesBack ? new LiveBoard(clock) : null;
        var prompt = console.CanAsk ? new TerminalPrompt(console, turn, absent, board is null ? null : () => Meanwhile(board)) : absent;
        if (options.Quiet)
        {
            return await runner.RunAsync(request, new QuietProgress(console.Error), prompt, cancellationToken).ConfigureAwait(false);
        }

        RunResult result;
        if (board is not null)
        {
            var work = runner.RunAsync(request, board, prompt, cancellationToken);
            result = await BoardDisplay.ShowAsync(board, title, console.Error, turn, work).ConfigureAwait(false);
        }
        else
        {
            result = await runner.RunAsync(request, new PlainProgress(console.Error), prompt, cancellationToken).ConfigureAwait(false);
        }

        if (result.Status != WorkflowStatus.Waiting)
        {
            // A failed task is reported in a line of its own.
            var reason = result is { Reason: { } why, FailedTasks.IsEmpty: true } ? $": {OneLine.Of(why)}" : "";
            var took = result is { StartedAt: { } from, EndedAt: { } to } ? to - from : clock.GetElapsedTime(began);
            await console.Error.WriteLineAsync(
                $"{title} {ResultText.Of(result.Status)} in {Duration.Format(took)} (id {request.Id}){reason}{Tolerated(result.Tolerated)}").ConfigureAwait(false);
        }

        return result;
    }

    private async Task ReportAsync(RunOptions options, string id, RunResult result, string goOn)
    {
        foreach (var task in result.FailedTasks)
        {
            await console.Error.WriteLineAsync(ResultText.Of(task)).ConfigureAwait(false);
        }

        if (result.Status == WorkflowStatus.Waiting)
        {
            await console.Error.WriteLineAsync($"waiting for {Count(result)}; then {goOn}").ConfigureAwait(false);
        }
        else if (options.Quiet && result is { Status: not WorkflowStatus.Completed, FailedTasks.IsEmpty: true })
        {
            // With --quiet, no line has told yet that the run did not complete.
            await console.Error.WriteLineAsync($"actorflow: the run {id} {ResultText.Of(result.Status)}: {OneLine.Of(result.Reason ?? "no reason given")}").ConfigureAwait(false);
        }

        foreach (var child in result.LeftChildren)
        {
            var line = CommandLine.Of(["actorflow", "run", "--id", child, .. DataOf(options)]);
            await console.Error.WriteLineAsync($"the abandoned child {child} has not ended; go on with: {line}").ConfigureAwait(false);
        }

        if (options.AsJson)
        {
            await console.Out.WriteLineAsync(RunResultJson.Of(id, result).ToString()).ConfigureAwait(false);
        }
        else if (result.Output is not null)
        {
            await console.Out.WriteLineAsync(result.Output.ToString()).ConfigureAwait(false);
        }
    }

    private void LeaveAtOnce(string goOn)
    {
        var (line, exitCode) = Interruption(goOn);
        console.Error.WriteLine(line);
        Environment.Exit(exitCode);
    }

    /// <summary>The line and exit code of an interruption; the line tells if the store caused it.</summary>
    private (string Line, int ExitCode) Interruption(string goOn) => runner.StoreWriteFailure is { } why
        ? ($"actorflow: interrupted while the store could not write: {OneLine.Of(why)}; {goOn}", ExitCode.Unreachable)
        : ($"interrupted; {goOn}", ExitCode.Interrupted);

    private static string Count(RunResult result)
    {
        var answers = result.Waits.OfType<OpenWait.Answer>().Count();
        string?[] parts = [Some(answers, "answer"), Some(result.Waits.Length - answers, "signal")];
        return string.Join(" and ", parts.OfType<string>());

        static string? Some(int count, string what) => count == 0 ? null : $"{count} {what}{(count == 1 ? "" : "s")}";
    }

    private static (IReadOnlyList<string> Tasks, int More) Meanwhile(LiveBoard board)
    {
        var view = board.Look(MostMeanwhile);
        return ([.. view.Lines.Select(line => $"{line.Task} {line.State} {Duration.Format(line.Time)}")], view.More);
    }

    private static string Tolerated(ImmutableArray<FailedTask> tolerated)
    {
        if (tolerated.IsEmpty)
        {
            return "";
        }

        var named = string.Join(", ", tolerated.Take(MostTolerated).Select(task => $"{task.Path} ({task.Type})"));
        var more = tolerated.Length > MostTolerated ? $" and {tolerated.Length - MostTolerated} more" : "";
        return $"; {tolerated.Length} failed and {(tolerated.Length == 1 ? "was" : "were")} tolerated: {named}{more}";
    }

    private static string[] DataOf(RunOptions options) => options.DataDirectory is { } directory ? ["--data", directory] : [];
}
