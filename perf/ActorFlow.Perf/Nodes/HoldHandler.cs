using System.Threading.Channels;

namespace ActorFlow.Perf.Nodes;

/// <summary>The handler <c>hold</c>: gives its input back once it is let go.</summary>
internal sealed class HoldHandler : ITaskHandler
{
    private readonly Channel<TaskCompletionSource> _held = Channel.CreateUnbounded<TaskCompletionSource>();

    /// <summary>Waits until one is held.</summary>
    /// <returns>To be completed to let it go.</returns>
    public async Task<TaskCompletionSource> NextAsync() => await _held.Reader.ReadAsync().ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _held.Writer.WriteAsync(release, cancellationToken).ConfigureAwait(false);
        await release.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return input;
    }
}
