using System.Diagnostics;
using System.Text;

namespace ActorFlow.Tasks.Processes;

/// <summary>A started command: writes its input, reads its output, and waits for its end.</summary>
internal sealed class ProcessRun(Process process) : IDisposable
{
    private readonly MemoryStream _stdout = new();
    private readonly HeadAndTail _stderr = new(BuiltInTasks.StderrEnds);
    private readonly CancellationTokenSource _reading = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its standard output so far.</summary>
    public ReadOnlyMemory<byte> Stdout => Copy(_stdout);

    /// <summary>Its standard error so far; if it is long, its beginning and its end.</summary>
    public ReadOnlyMemory<byte> Stderr => _stderr.ToArray();

    /// <summary>Waits until the command has ended and its output is read.</summary>
    /// <param name="stdin">Its standard input; null means that the input is empty.</param>
    /// <param name="onOutput">Called for each piece of output.</param>
    /// <param name="drain">How long to read on after its end while other processes hold its output open.</param>
    /// <param name="cancellationToken">Ends the waiting with an exception; the command keeps running.</param>
    /// <exception cref="TaskFailure">It printed more than the limit.</exception>
    public async Task FinishAsync(string? stdin, Func<ValueTask> onOutput, TimeSpan drain, CancellationToken cancellationToken)
    {
        var feeding = FeedAsync(stdin);
        var reading = Task.WhenAll(
            ReadAsync(reading => ReadStdoutAsync(onOutput, reading)),
            ReadAsync(reading => ReadStderrAsync(onOutput, reading)));

        // A reader that fails (the limit) must end the wait: the command may block on a full pipe and never end.
        var exit = process.WaitForExitAsync(cancellationToken);
        await (await Task.WhenAny(exit, _failed.Task).ConfigureAwait(false)).ConfigureAwait(false);

        Task read = Task.WhenAny(reading, _failed.Task);
        await read.WaitAsync(drain, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        await _reading.CancelAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await feeding.ConfigureAwait(false);
        if (_failed.Task.IsFaulted)
        {
            await _failed.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reading.Cancel();
        _reading.Dispose();
    }

    private async Task FeedAsync(string? stdin)
    {
        try
        {
            await using var stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(stdin ?? ""), _reading.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // A command need not read its input.
        }
    }

    private async Task ReadStdoutAsync(Func<ValueTask> onOutput, CancellationToken cancellationToken)
    {
        if (!await BoundedReader.ReadAsync(process.StandardOutput.BaseStream, _stdout, onOutput, cancellationToken).ConfigureAwait(false))
        {
            throw new TaskFailure(
                ErrorTypes.PayloadTooLarge,
                "process printed more than 1 MiB to stdout; have it write to a file, and print where that is.",
                retryable: false);
        }
    }

    private async Task ReadStderrAsync(Func<ValueTask> onOutput, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await process.StandardError.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _stderr.Add(buffer.AsSpan(0, count));
            await onOutput().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(Func<CancellationToken, Task> read)
    {
        try
        {
            await read(_reading.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_reading.IsCancellationRequested)
        {
            // What was read until now is the output.
        }
        catch (Exception error)
        {
            _failed.TrySetException(error);
        }
    }

    private static byte[] Copy(MemoryStream stream)
    {
        lock (stream)
        {
            return stream.ToArray();
        }
    }
}
