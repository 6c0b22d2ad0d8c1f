using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>One run: the methods of <see cref="IWorkflowClient"/> for its id. It holds nothing of the run, and stays valid when the run moves or ends.</summary>
public sealed class WorkflowHandle
{
    /// <summary>Makes the handle of a run.</summary>
    /// <param name="client">What speaks to the run.</param>
    /// <param name="id">The id of the run.</param>
    public WorkflowHandle(IWorkflowClient client, string id)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(id);
        (Client, Id) = (client, id);
    }

    /// <summary>What speaks to the run.</summary>
    public IWorkflowClient Client { get; }

    /// <summary>The id of the run.</summary>
    public string Id { get; }

    /// <summary>What the start or fork led to that gave this handle; null for a handle from <see cref="IWorkflowClient.GetHandle"/>.</summary>
    public StartedWorkflow? Started { get; init; }

    /// <inheritdoc cref="IWorkflowClient.DescribeAsync"/>
    public Task<WorkflowDescription> DescribeAsync(CancellationToken cancellationToken = default) => Client.DescribeAsync(Id, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.ExplainAsync"/>
    public Task<WorkflowExplanation> ExplainAsync(CancellationToken cancellationToken = default) => Client.ExplainAsync(Id, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.WaitForResultAsync"/>
    public Task<WorkflowResult> WaitForResultAsync(CancellationToken cancellationToken = default) => Client.WaitForResultAsync(Id, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.HistoryAsync"/>
    public Task<HistoryPage> HistoryAsync(HistoryToken from = default, int limit = 100, CancellationToken cancellationToken = default) =>
        Client.HistoryAsync(Id, from, limit, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.WatchAsync"/>
    public IAsyncEnumerable<HistoryEvent> WatchAsync(HistoryToken from = default, CancellationToken cancellationToken = default) =>
        Client.WatchAsync(Id, from, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.SignalAsync"/>
    public Task SignalAsync(string name, Payload? payload = null, string? commandId = null, CancellationToken cancellationToken = default) =>
        Client.SignalAsync(Id, name, payload, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.AnswerAsync"/>
    public Task AnswerAsync(
        string task, Payload value, AnswerOptions? options = null, string? commandId = null, CancellationToken cancellationToken = default) =>
        Client.AnswerAsync(Id, task, value, options, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.PauseAsync"/>
    public Task PauseAsync(string? commandId = null, CancellationToken cancellationToken = default) => Client.PauseAsync(Id, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.ResumeAsync"/>
    public Task ResumeAsync(string? commandId = null, CancellationToken cancellationToken = default) => Client.ResumeAsync(Id, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.CancelAsync"/>
    public Task CancelAsync(string reason, string? commandId = null, CancellationToken cancellationToken = default) =>
        Client.CancelAsync(Id, reason, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.TerminateAsync"/>
    public Task TerminateAsync(string reason, string? commandId = null, CancellationToken cancellationToken = default) =>
        Client.TerminateAsync(Id, reason, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.RetryAsync"/>
    public Task RetryAsync(string? from = null, string? commandId = null, CancellationToken cancellationToken = default) =>
        Client.RetryAsync(Id, from, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.RewindAsync"/>
    public Task RewindAsync(string checkpoint, string? commandId = null, CancellationToken cancellationToken = default) =>
        Client.RewindAsync(Id, checkpoint, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.ForkAsync"/>
    public Task<WorkflowHandle> ForkAsync(ForkOptions? options = null, CancellationToken cancellationToken = default) =>
        Client.ForkAsync(Id, options, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.TakeCheckpointAsync"/>
    public Task TakeCheckpointAsync(string name, string? commandId = null, CancellationToken cancellationToken = default) =>
        Client.TakeCheckpointAsync(Id, name, commandId, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.CheckpointsAsync"/>
    public Task<ImmutableArray<CheckpointSummary>> CheckpointsAsync(CancellationToken cancellationToken = default) =>
        Client.CheckpointsAsync(Id, cancellationToken);

    /// <inheritdoc cref="IWorkflowClient.PurgeAsync"/>
    public Task PurgeAsync(string? commandId = null, CancellationToken cancellationToken = default) => Client.PurgeAsync(Id, commandId, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
