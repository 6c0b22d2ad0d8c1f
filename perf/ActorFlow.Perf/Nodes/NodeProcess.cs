using System.Diagnostics;
using System.Text.Json;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Nodes;

/// <summary>A node in a process of its own; see <see cref="NodeProgram"/>. Killed, if it is still there at the end.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeProcess(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Starts one.</summary>
    public static async Task<NodeProcess> StartAsync(NodeOrder order)
    {
        var start = OwnProcess.StartOf(NodeProgram.Option);
        (start.RedirectStandardInput, start.RedirectStandardError) = (true, true);
        var process = new NodeProcess(Process.Start(start)!);
        await process._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order)).ConfigureAwait(false);
        await process._process.StandardInput.FlushAsync().ConfigureAwait(false);
        return process;
    }

    /// <summary>Waits until it says how far it is.</summary>
    /// <exception cref="InvalidOperationException">It says something else, or ends.</exception>
    public async Task SaysAsync(string words)
    {
        if (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is var line && line != words)
        {
            throw new InvalidOperationException($"A node said '{line}' instead of '{words}'. {(line is null ? await _errors.ConfigureAwait(false) : "")}");
        }
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <exception cref="InvalidOperationException">Not well.</exception>
    public async Task EndAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"A node ended with {_process.ExitCode}. {await _errors.ConfigureAwait(false)}");
        }
    }

    /// <summary>Ends it at once: <c>kill -9</c>.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
