using System.Runtime.CompilerServices;
using ActorFlow.Client.Connecting;
using Grpc.Core;

namespace ActorFlow.Client.Calling;

/// <summary>Calls to a cluster. They are repeated, at the next address where one fails, while that may help and there is time.</summary>
/// <param name="options">Valid options.</param>
/// <param name="time">The time.</param>
/// <param name="roll">A random number from 0 to below 1.</param>
internal sealed class NodeCalls(WorkflowClientOptions options, TimeProvider time, Func<double> roll) : IDisposable
{
    // The node's limit is 60 s.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private readonly NodeConnections _nodes = new(options);

    /// <summary>Connects to the address in use, once.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task ConnectAsync(CancellationToken cancellationToken) => _nodes.Current.ConnectAsync().WaitAsync(cancellationToken);

    /// <summary>Calls, within the timeout of the client.</summary>
    /// <param name="call">The call, with the same request each time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TResponse> CallAsync<TResponse>(Func<NodeChannel, CallOptions, AsyncUnaryCall<TResponse>> call, CancellationToken cancellationToken) =>
        RepeatAsync(call, new(time, roll, options.Timeout), options.Timeout, cancellationToken);

    /// <summary>Calls again and again until an answer holds something, for as long as the caller wants.</summary>
    /// <param name="call">A call that waits at the node for the time that it is given.</param>
    /// <param name="found">What an answer holds; null means nothing yet.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<TResult> WaitAsync<TResponse, TResult>(
        Func<NodeChannel, CallOptions, TimeSpan, AsyncUnaryCall<TResponse>> call, Func<TResponse, TResult?> found, CancellationToken cancellationToken)
        where TResult : class
    {
        var patience = new Patience(time, roll, limit: null);
        while (true)
        {
            var begun = time.GetTimestamp();
            var response = await RepeatAsync(
                (channel, callOptions) => call(channel, callOptions, LongestWait), patience, LongestWait + options.Timeout, cancellationToken).ConfigureAwait(false);
            if (found(response) is { } result)
            {
                return result;
            }

            // A node that does not wait is not asked without a pause.
            if (time.GetElapsedTime(begun) < ShortestWait)
            {
                await PauseAsync(patience.Pause(), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                patience.Reset();
            }
        }
    }

    /// <summary>Reads a stream, and opens it again where it breaks, for as long as the caller wants.</summary>
    /// <param name="open">Opens the stream behind what has been read.</param>
    /// <param name="isEndless">Whether a stream that its node ends is opened again too.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<TMessage> StreamAsync<TMessage>(
        Func<NodeChannel, CallOptions, AsyncServerStreamingCall<TMessage>> open, bool isEndless, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var patience = new Patience(time, roll, limit: null);
        while (true)
        {
            var node = _nodes.Current;
            var (channel, call, failure) = (default(NodeChannel), default(AsyncServerStreamingCall<TMessage>), default(CallFailure));
            try
            {
                while (true)
                {
                    try
                    {
                        channel ??= await node.ConnectAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                        call ??= open(channel, new(channel.Headers, cancellationToken: cancellationToken));
                        if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
                        {
                            break;
                        }
                    }
                    catch (Exception error) when (CallFailure.Of(error, node.Name) is { } failed)
                    {
                        failure = failed;
                        break;
                    }

                    patience.Reset();
                    yield return call.ResponseStream.Current;
                }
            }
            finally
            {
                call?.Dispose();
            }

            if (failure is null && !isEndless)
            {
                yield break;
            }

            await RecoverAsync(failure ?? CallFailure.Ended(node.Name), node, channel, patience, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _nodes.Dispose();

    private async Task<TResponse> RepeatAsync<TResponse>(
        Func<NodeChannel, CallOptions, AsyncUnaryCall<TResponse>> call, Patience patience, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var node = _nodes.Current;
            var channel = default(NodeChannel);
            CallFailure failure;
            try
            {
                // The time that is left for all attempts, or what one may take where there is no end.
                var left = patience.Left ?? timeout;
                channel = await node.ConnectAsync().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
                using var running = call(channel, new(channel.Headers, DateTime.UtcNow + (patience.Left ?? timeout), cancellationToken));
                return await running.ResponseAsync.ConfigureAwait(false);
            }
            catch (Exception error) when (CallFailure.Of(error, node.Name) is { } failed)
            {
                failure = failed;
            }

            await RecoverAsync(failure, node, channel, patience, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns when the call may be repeated.</summary>
    /// <exception cref="WorkflowRefusedException">It is not to be repeated.</exception>
    private async Task RecoverAsync(CallFailure failure, NodeConnection node, NodeChannel? channel, Patience patience, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_nodes.IsClosed, typeof(WorkflowClient));
        if (failure.MayRepeat || failure.IsCancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (failure.IsBroken && channel is not null)
        {
            node.Broke(channel);
        }

        if (failure.IsOfNode)
        {
            _nodes.MoveOnFrom(node);
        }

        if (!failure.MayRepeat || patience.Next(failure, _nodes.Count) is not { } pause)
        {
            throw patience.Told(failure).Refusal;
        }

        await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause <= TimeSpan.Zero)
        {
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _nodes.Closing);
        try
        {
            await Task.Delay(pause, time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(typeof(WorkflowClient).FullName);
        }
    }
}
