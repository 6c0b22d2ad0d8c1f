using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using ActorFlow.Core.Payloads;
using ActorFlow.Tasks.Processes;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Tasks;

/// <summary>
/// <c>process</c>: runs a command without a shell, in a session of its own where the system has <c>setsid</c>, so that a Ctrl+C in
/// the worker's terminal reaches only the worker. Each piece of output is a heartbeat. When the attempt is cancelled or times out
/// the whole process tree is ended; processes that a command left when it ended by itself are not touched.
/// </summary>
internal sealed class ProcessHandler(ProcessTaskOptions options) : ITaskHandler
{
    // How long to read on after the command has ended while a process that it left still holds its output open.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    // A Ctrl+C may reach the command a moment before it reaches the worker: that is not a failure of the command.
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromMilliseconds(500);
    private static readonly int[] InterruptedExitCodes = [130, unchecked((int)0xC000013A)];

    private static readonly string? Setsid =
        Array.Find(["/usr/bin/setsid", "/bin/setsid"], path => OperatingSystem.IsLinux() && File.Exists(path));

    private readonly WorkerMark _mark = WorkerMark.Of(options);

    /// <inheritdoc/>
    public async Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        var request = ProcessRequest.Read(input);
        cancellationToken.ThrowIfCancellationRequested();
        var mark = _mark.Next();
        using var process = Start(request, context.Directory ?? options.Directory ?? ".", mark);
        using var run = new ProcessRun(process);
        try
        {
            await run.FinishAsync(request.Stdin, () => context.HeartbeatAsync(), Drain, cancellationToken).ConfigureAwait(false);
            if (InterruptedExitCodes.Contains(process.ExitCode) && !request.SuccessCodes.Contains(process.ExitCode))
            {
                await Task.Delay(InterruptGrace, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await new ProcessTree(process, mark).EndAsync().ConfigureAwait(false);
            throw;
        }

        return Output(request, process.ExitCode, run.Stdout.Span, run.Stderr.Span, context);
    }

    private static Process Start(ProcessRequest request, string home, string mark)
    {
        var directory = Path.GetFullPath(request.WorkingDirectory ?? ".", Path.GetFullPath(home));
        if (!Directory.Exists(directory))
        {
            throw ExecutablePath.NotFound(
                request.WorkingDirectory is { } written ? $"the directory '{written}' given as 'cwd' ({directory})" : $"the run's directory {directory}");
        }

        var start = new ProcessStartInfo
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        InheritedEnvironment.Strip(start.Environment);
        foreach (var (name, value) in request.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[ProcessTree.Variable] = $"{Environment.GetEnvironmentVariable(ProcessTree.Variable)}/{mark}";
        var executable = ExecutablePath.Resolve(
            request.Command, directory, start.Environment.TryGetValue("PATH", out var path) ? path : null);
        start.FileName = Setsid ?? executable;
        foreach (var argument in Setsid is null ? request.Arguments : [executable, .. request.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        if (OperatingSystem.IsWindows())
        {
            start.CreateNewProcessGroup = true;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new TaskFailure("ProcessFailed", $"process cannot start '{request.Command}': {error.Message}", retryable: false);
        }
    }

    private static Payload Output(
        ProcessRequest request, int exitCode, ReadOnlySpan<byte> stdout, ReadOnlySpan<byte> stderr, TaskContext context)
    {
        var (text, wrongOut) = CommandText.Of("stdout", stdout);
        var (errors, wrongErrors) = CommandText.Of("stderr", stderr);
        if (!request.SuccessCodes.Contains(exitCode))
        {
            throw new TaskFailure(
                "ProcessFailed", $"'{request.Command}' ended with exit code {exitCode}{QuotedText.Of(errors.Trim() is "" ? text : errors)}")
            {
                MessageLimit = QuotedText.MessageLimit,
            };
        }

        var note = (wrongOut, wrongErrors) is ({ } first, { } second) ? $"{first}; {second}" : wrongOut ?? wrongErrors;
        if (note is not null)
        {
            context.Logger.LogWarning("'{Command}': {Note}.", request.Command, note);
        }

        var value = request.Parse == "json" ? ParseJson(request.Command, text, wrongOut) : null;
        return request.Parse == "text" ? CommandOutput.Of(exitCode, text, errors, note) : Payload.Write(writer =>
        {
            writer.WriteStartObject();
            CommandOutput.WriteParts(writer, exitCode, text, errors, note);
            writer.WritePropertyName("value");
            if (value is null)
            {
                WriteLines(writer, text);
            }
            else
            {
                writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        });
    }

    private static void WriteLines(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartArray();
        using (var lines = new StringReader(text))
        {
            while (lines.ReadLine() is { } line)
            {
                writer.WriteStringValue(line);
            }
        }

        writer.WriteEndArray();
    }

    private static Payload ParseJson(string command, string text, string? wrong)
    {
        if (wrong is not null)
        {
            throw new TaskFailure("ProcessFailed", $"what '{command}' printed is not JSON: {wrong}.");
        }

        try
        {
            return Payload.Parse(text.TrimStart('\uFEFF'));
        }
        catch (JsonException error) when (error is not JsonTooDeepException)
        {
            throw new TaskFailure("ProcessFailed", $"what '{command}' printed is not JSON: {error.Message}");
        }
    }
}
