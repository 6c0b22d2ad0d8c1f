using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorFlow.Node.Security;

namespace ActorFlow.Node.Api;

/// <summary>The operations on runs: what gRPC and JSON have in common.</summary>
/// <param name="client">Does them.</param>
/// <param name="gate">Lets calls in.</param>
/// <param name="trail">Records acts of administration.</param>
/// <param name="drain">Ends waits and streams when the node leaves.</param>
/// <param name="time">The clock of waits.</param>
internal sealed class WorkflowApi(IWorkflowClient client, ApiGate gate, AuditTrail trail, NodeDrain drain, TimeProvider time)
{
    /// <summary>The longest wait for a result.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Starts a run; with a wait, tells its result if it ends in time.</summary>
    public async Task<(WorkflowHandle Run, WorkflowResult? Result)> StartAsync(
        ApiCaller caller, string definition, Payload? input, StartOptions options, TimeSpan? wait, CancellationToken cancellationToken)
    {
        CheckWait(wait);
        var run = await gate.DoAsync(caller, ApiRole.Operator, () => client.StartAsync(definition, input, options, cancellationToken)).ConfigureAwait(false);
        return (run, wait is null ? null : await ResultAsync(caller, run.Id, wait, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Describes a run.</summary>
    public Task<WorkflowDescription> GetAsync(ApiCaller caller, string id, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => client.DescribeAsync(id, cancellationToken));

    /// <summary>Explains why a run does not move.</summary>
    public Task<WorkflowExplanation> ExplainAsync(ApiCaller caller, string id, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => client.ExplainAsync(id, cancellationToken));

    /// <summary>Tells how a run ended; null means that it is still open when the wait is over.</summary>
    public async Task<WorkflowResult?> ResultAsync(ApiCaller caller, string id, TimeSpan? wait, CancellationToken cancellationToken)
    {
        CheckWait(wait);
        if (wait is not { } atMost || atMost == TimeSpan.Zero)
        {
            return await gate.DoAsync(caller, ApiRole.Viewer, () => client.ResultAsync(id, cancellationToken)).ConfigureAwait(false);
        }

        using var limit = new CancellationTokenSource(atMost, time);
        using var open = gate.Open(caller, ApiRole.Viewer, cancellationToken, limit.Token);
        try
        {
            return await client.WaitForResultAsync(id, open.Over).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            open.ThrowIfEnded();
            return drain.Left.IsCancellationRequested ? throw NodeDrain.Refusal : null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw gate.Named(error);
        }
    }

    /// <summary>Lists runs.</summary>
    public Task<WorkflowPage> ListAsync(ApiCaller caller, ListQuery query, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => client.ListPageAsync(query, cancellationToken));

    /// <summary>Counts runs by status.</summary>
    public Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(ApiCaller caller, ListQuery query, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => client.CountAsync(query, cancellationToken));

    /// <summary>Reads a page of history.</summary>
    public Task<HistoryPage> HistoryAsync(ApiCaller caller, string id, HistoryToken from, int limit, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => client.HistoryAsync(id, from, limit, cancellationToken));

    /// <summary>Follows a run.</summary>
    public IAsyncEnumerable<HistoryEvent> WatchAsync(ApiCaller caller, string id, HistoryToken from, CancellationToken cancellationToken) =>
        StreamAsync(caller, over => client.WatchAsync(id, from, over), cancellationToken);

    /// <summary>Follows changes of runs.</summary>
    public IAsyncEnumerable<WorkflowChange> WatchAllAsync(ApiCaller caller, WatchFilter filter, CancellationToken cancellationToken) =>
        StreamAsync(caller, over => client.WatchAllAsync(filter, over), cancellationToken);

    /// <summary>Sends a signal.</summary>
    public Task SignalAsync(ApiCaller caller, string id, string name, Payload payload, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.SignalAsync(id, name, payload, commandId, cancellationToken));

    /// <summary>Answers a question in the name of the caller.</summary>
    public Task AnswerAsync(
        ApiCaller caller, string id, string task, Payload value, string? comment, string? claimedBy, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.AnswerAsync(
            id, task, value, new() { By = caller.Name, ClaimedBy = claimedBy, Comment = comment }, commandId, cancellationToken));

    /// <summary>Pauses a run.</summary>
    public Task PauseAsync(ApiCaller caller, string id, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.PauseAsync(id, commandId, cancellationToken));

    /// <summary>Ends a pause.</summary>
    public Task ResumeAsync(ApiCaller caller, string id, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.ResumeAsync(id, commandId, cancellationToken));

    /// <summary>Ends a run in good order.</summary>
    public Task CancelAsync(ApiCaller caller, string id, string reason, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.CancelAsync(id, reason, commandId, cancellationToken));

    /// <summary>Ends a run at once.</summary>
    public Task TerminateAsync(ApiCaller caller, string id, string reason, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.TerminateAsync(id, reason, commandId, cancellationToken));

    /// <summary>Opens a run that has ended.</summary>
    public Task RetryAsync(ApiCaller caller, string id, string? from, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.RetryAsync(id, from, commandId, cancellationToken));

    /// <summary>Takes a run back to a checkpoint.</summary>
    public Task RewindAsync(ApiCaller caller, string id, string checkpoint, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.RewindAsync(id, checkpoint, commandId, cancellationToken));

    /// <summary>Starts a run from a checkpoint of another.</summary>
    public Task<WorkflowHandle> ForkAsync(ApiCaller caller, string id, ForkOptions options, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.ForkAsync(id, options, cancellationToken));

    /// <summary>Takes a checkpoint.</summary>
    public Task TakeCheckpointAsync(ApiCaller caller, string id, string name, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Operator, () => client.TakeCheckpointAsync(id, name, commandId, cancellationToken));

    /// <summary>Lists checkpoints.</summary>
    public Task<ImmutableArray<CheckpointSummary>> CheckpointsAsync(ApiCaller caller, string id, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => client.CheckpointsAsync(id, cancellationToken));

    /// <summary>Describes a run as it was at a checkpoint.</summary>
    public Task<WorkflowDescription> CheckpointAsync(ApiCaller caller, string id, string checkpoint, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => client.CheckpointAsync(id, checkpoint, cancellationToken));

    /// <summary>Deletes a run that has ended.</summary>
    public Task PurgeAsync(ApiCaller caller, string id, string? commandId, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Admin, () => trail.AdministerAsync(caller, "Workflows.Purge", id, commandId, async () =>
        {
            await client.PurgeAsync(id, commandId, cancellationToken).ConfigureAwait(false);
            return true;
        }));

    private static void CheckWait(TimeSpan? wait)
    {
        if (wait is { } length && (length < TimeSpan.Zero || length > LongestWait))
        {
            throw WorkflowRefusedException.Of("invalid-request", $"wait must lie between 0s and {LongestWait.TotalSeconds:0}s.");
        }
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(
        ApiCaller caller, Func<CancellationToken, IAsyncEnumerable<T>> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var open = gate.Open(caller, ApiRole.Viewer, cancellationToken);
        await using var each = items(open.Over).GetAsyncEnumerator(open.Over);
        while (true)
        {
            try
            {
                if (!await each.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (OperationCanceledException) when (open.Over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                open.ThrowIfEnded();
                throw NodeDrain.Refusal;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                throw gate.Named(error);
            }

            yield return each.Current;
        }
    }
}
