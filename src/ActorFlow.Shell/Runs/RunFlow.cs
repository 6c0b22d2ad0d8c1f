using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell.Runs;

/// <summary>What <c>actorflow run</c> was asked to do.</summary>
internal sealed record RunOptions(string File, string? Input, string? Id, string? DataDirectory, int? Parallel, bool Quiet, bool AsJson);

/// <summary>Runs a file from its reading to its exit code.</summary>
internal sealed class RunFlow(ShellConsole console, IWorkflowRunner runner, TimeProvider clock)
{
    /// <summary>Where a node keeps its data unless told otherwise.</summary>
    public const string DefaultDataDirectory = ".actorflow";

    /// <summary>Runs.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var documents = await DefinitionFile.ReadValidAsync(options.File, console, cancellationToken).ConfigureAwait(false);
        OfferedHandlers.Check(documents, options.File, runner.Handlers);
        var input = options.Input is { } value
            ? await RunInput.ReadAsync(value, console.In, cancellationToken).ConfigureAwait(false)
            : null;
        var id = options.Id ?? Guid.CreateVersion7().ToString("n");
        var request = new RunRequest(
            documents.Definitions, input, id, options.Id is null, options.DataDirectory ?? DefaultDataDirectory, options.Parallel);

        var goOn = GoOn(options, id);
        using var interrupts = new Interrupts(() => LeaveAtOnce(goOn), cancellationToken).Listen();
        try
        {
            var result = await WatchAsync(request, documents.Main, options.Quiet, interrupts.Token).ConfigureAwait(false);
            await ReportAsync(options, id, result).ConfigureAwait(false);
            return result.Status == RunStatus.Completed ? ExitCode.Done : ExitCode.RunFailed;
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync(goOn).ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
    }

    private async Task<RunResult> WatchAsync(
        RunRequest request, WorkflowDefinition definition, bool quiet, CancellationToken cancellationToken)
    {
        if (quiet)
        {
            return await runner.RunAsync(request, QuietProgress.Instance, cancellationToken).ConfigureAwait(false);
        }

        var began = clock.GetTimestamp();
        var title = $"{definition.Name} v{definition.Version}";
        RunResult result;
        if (console.ErrorIsTerminal)
        {
            var board = new LiveBoard(clock);
            var work = runner.RunAsync(request, board, cancellationToken);
            result = await BoardDisplay.ShowAsync(board, title, console.Error, work).ConfigureAwait(false);
        }
        else
        {
            result = await runner.RunAsync(request, new PlainProgress(console.Error, clock), cancellationToken).ConfigureAwait(false);
        }

        var reason = result.Reason is { } why ? $": {OneLine.Of(why)}" : "";
        await console.Error.WriteLineAsync(
            $"{title} {Word(result.Status)} in {Duration.Format(clock.GetElapsedTime(began))} (id {request.Id}){reason}").ConfigureAwait(false);
        return result;
    }

    private async Task ReportAsync(RunOptions options, string id, RunResult result)
    {
        foreach (var task in result.FailedTasks)
        {
            var attempts = task.Attempts == 1 ? "1 attempt" : $"{task.Attempts} attempts";
            await console.Error.WriteLineAsync($"{task.Task} {task.Type} after {attempts}: {OneLine.Of(task.Message)}").ConfigureAwait(false);
        }

        // With --quiet nobody has said yet that it did not complete.
        if (options.Quiet && result is { Status: not RunStatus.Completed, FailedTasks.IsEmpty: true })
        {
            await console.Error.WriteLineAsync($"actorflow: the run {id} {Word(result.Status)}: {OneLine.Of(result.Reason ?? "no reason given")}").ConfigureAwait(false);
        }

        if (options.AsJson)
        {
            await console.Out.WriteLineAsync(Json(id, result).ToString()).ConfigureAwait(false);
        }
        else if (result.Output is not null)
        {
            await console.Out.WriteLineAsync(result.Output.ToString()).ConfigureAwait(false);
        }
    }

    private void LeaveAtOnce(string goOn)
    {
        console.Error.WriteLine(goOn);
        Environment.Exit(ExitCode.Interrupted);
    }

    private static string GoOn(RunOptions options, string id)
    {
        var data = options.DataDirectory is { } directory ? $" --data {Quoted(directory)}" : "";
        return $"interrupted; go on with: actorflow run {Quoted(options.File)} --id {id}{data}";
    }

    // As a POSIX shell reads it back.
    private static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '/' or '-' or '_' or ':' or '\\' or '+' or '=' or ',')
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Word(RunStatus status) => status switch
    {
        RunStatus.Completed => "completed",
        RunStatus.Failed => "failed",
        RunStatus.Cancelled => "was cancelled",
        _ => "was terminated",
    };

    private static Payload Json(string id, RunResult result) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("status", result.Status.ToString().ToLowerInvariant());
        writer.WritePropertyName("output");
        writer.WriteRawValue((result.Output ?? Payload.Null).Utf8.Span, skipInputValidation: true);
        writer.WriteString("reason", result.Reason);
        writer.WriteStartArray("failedTasks");
        foreach (var task in result.FailedTasks)
        {
            writer.WriteStartObject();
            writer.WriteString("task", task.Task);
            writer.WriteString("type", task.Type);
            writer.WriteNumber("attempts", task.Attempts);
            writer.WriteString("message", task.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
