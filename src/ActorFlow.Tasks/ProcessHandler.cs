using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Tasks;

/// <summary>
/// <c>process</c>: runs a command without a shell, in a session of its own where the system has <c>setsid</c>, so that a Ctrl+C in
/// the worker's terminal is the worker's to handle. Each piece of output is a heartbeat. When the attempt is cancelled or times out
/// the whole process tree is ended; what a command that ended by itself left running is left alone.
/// </summary>
public sealed class ProcessHandler : ITaskHandler
{
    // How long to read on after the command has ended while something it left behind still holds its output open.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    // A Ctrl+C may reach the command a moment before it reaches us: it is then no failure of the command.
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromMilliseconds(500);
    private static readonly int[] InterruptedExitCodes = [130, unchecked((int)0xC000013A)];

    private static readonly string? Setsid =
        Array.Find(["/usr/bin/setsid", "/bin/setsid"], path => OperatingSystem.IsLinux() && File.Exists(path));

    /// <inheritdoc/>
    public async Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        var request = ProcessRequest.Read(input);
        cancellationToken.ThrowIfCancellationRequested();
        var mark = Guid.NewGuid().ToString("n");
        using var process = Start(request, mark);
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

        return Output(request, process.ExitCode, run.Stdout, run.Stderr);
    }

    private static Process Start(ProcessRequest request, string mark)
    {
        var directory = Path.GetFullPath(request.WorkingDirectory ?? ".");
        if (!Directory.Exists(directory))
        {
            throw ExecutablePath.NotFound($"the directory '{request.WorkingDirectory}' given as 'cwd'");
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

    private static Payload Output(ProcessRequest request, int exitCode, ReadOnlyMemory<byte> stdout, ReadOnlyMemory<byte> stderr)
    {
        var text = Encoding.UTF8.GetString(stdout.Span);
        var errors = Encoding.UTF8.GetString(stderr.Span);
        if (!request.SuccessCodes.Contains(exitCode))
        {
            throw new TaskFailure(
                "ProcessFailed", $"'{request.Command}' ended with exit code {exitCode}{Excerpt.Tail(errors.Trim() is "" ? text : errors)}");
        }

        var value = request.Parse == "json" ? ParseJson(request.Command, text) : null;
        return Payload.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("exitCode", exitCode);
            writer.WriteString("stdout", text);
            writer.WriteString("stderr", errors);
            writer.WritePropertyName("value");
            WriteValue(writer, request.Parse, text, value);
            writer.WriteEndObject();
        });
    }

    private static void WriteValue(Utf8JsonWriter writer, string parse, string text, Payload? json)
    {
        switch (parse)
        {
            case "json":
                writer.WriteRawValue(json!.Utf8.Span, skipInputValidation: true);
                break;
            case "lines":
                writer.WriteStartArray();
                using (var lines = new StringReader(text))
                {
                    while (lines.ReadLine() is { } line)
                    {
                        writer.WriteStringValue(line);
                    }
                }

                writer.WriteEndArray();
                break;
            default:
                // As a shell's $( ) has it: what commands print to end their last line is no part of the value.
                writer.WriteStringValue(text.AsSpan().TrimEnd("\r\n"));
                break;
        }
    }

    private static Payload ParseJson(string command, string text)
    {
        try
        {
            return Payload.Parse(text);
        }
        catch (JsonException error)
        {
            throw new TaskFailure("ProcessFailed", $"what '{command}' printed is not JSON: {error.Message}");
        }
    }
}
