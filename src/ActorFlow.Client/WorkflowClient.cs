using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorFlow.Client;
using ActorFlow.Client.Calling;
using ActorFlow.Client.Connecting;
using ActorFlow.Client.Mapping;
using Grpc.Core;

namespace ActorFlow;

/// <summary>
/// Starts, steers and reads workflow runs of a cluster from elsewhere, over gRPC. One instance serves a whole application: it is safe for
/// concurrent use, and hundreds of calls that wait share one connection.
/// </summary>
/// <remarks>
/// <para>A call that meets <c>unavailable</c>, <c>overloaded</c>, <c>timeout</c> or a broken connection is repeated within
/// <see cref="WorkflowClientOptions.Timeout"/>, after pauses of 50 ms, doubled up to 2 s and shortened at random, or as long as the node asks for; a
/// node that is unavailable or cannot be reached is left for the next address at once. A change is always repeated under the same command id, so
/// that it happens once. Every other refusal is thrown as it comes. What is thrown after the time is up is the last refusal:
/// <see cref="UnavailableException"/>, <see cref="OverloadedException"/> or <see cref="RequestTimeoutException"/>.</para>
/// <para><see cref="WaitForResultAsync"/>, <see cref="WatchAsync"/> and <see cref="WatchAllAsync"/> have no timeout: they meet the same failures by
/// trying again for as long as their cancellation token allows, even where no address has ever answered.</para>
/// <para>Every method may also throw <see cref="AccessDeniedException"/>: the API key is missing, unknown, or not enough.</para>
/// </remarks>
public sealed class WorkflowClient : IWorkflowClient, IAsyncDisposable, IDisposable
{
    private readonly NodeCalls _calls;

    /// <summary>Makes a client. It connects when it is used.</summary>
    /// <param name="options">Where the nodes are. Later changes of the options have no effect.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message has one line for each problem.</exception>
    public WorkflowClient(WorkflowClientOptions options)
        : this(options, TimeProvider.System, Random.Shared.NextDouble)
    {
    }

    internal WorkflowClient(WorkflowClientOptions options, TimeProvider time, Func<double> roll)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        _calls = new(options.Copy(), time, roll);
        Definitions = new DefinitionClient(_calls);
        Keys = new(_calls);
        Audit = new(_calls);
    }

    /// <inheritdoc/>
    public IDefinitionClient Definitions { get; }

    /// <summary>The API keys of the cluster.</summary>
    internal KeyClient Keys { get; }

    /// <summary>Who did what in the cluster.</summary>
    internal AuditClient Audit { get; }

    /// <summary>Makes a client of a cluster. It connects when it is used.</summary>
    /// <param name="address">The HTTP address of a node, as <c>http://127.0.0.1:9110</c>.</param>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public static WorkflowClient Connect(string address) => new(new() { Addresses = [address] });

    /// <summary>Makes a client of a cluster. It connects when it is used.</summary>
    /// <param name="options">Where the nodes are. Later changes of the options have no effect.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message has one line for each problem.</exception>
    public static WorkflowClient Connect(WorkflowClientOptions options) => new(options);

    /// <summary>Connects to the first address, once: a call would try again, and go on to the next address.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="UnavailableException">The node cannot be reached, or is none.</exception>
    internal Task ConnectAsync(CancellationToken cancellationToken) => _calls.ConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<WorkflowHandle> StartAsync(
        string definition, Payload? input = null, StartOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = ToWire.Start(definition, input, options);
        return HandleOf(await _calls.CallAsync((node, call) => node.Workflows.StartAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public WorkflowHandle GetHandle(string id) => new(this, id);

    /// <inheritdoc/>
    public async Task<WorkflowDescription> DescribeAsync(string id, CancellationToken cancellationToken = default)
    {
        var request = new V1.GetWorkflowRequest { Id = ToWire.Id(id) };
        return FromWire.Of(await _calls.CallAsync((node, call) => node.Workflows.GetAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<WorkflowExplanation> ExplainAsync(string id, CancellationToken cancellationToken = default)
    {
        var request = new V1.ExplainWorkflowRequest { Id = ToWire.Id(id) };
        return FromWire.Of(await _calls.CallAsync((node, call) => node.Workflows.ExplainAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<WorkflowResult> WaitForResultAsync(string id, CancellationToken cancellationToken = default)
    {
        var run = ToWire.Id(id);
        return FromWire.Of(await _calls.WaitAsync(
            (node, call, wait) => node.Workflows.ResultAsync(ToWire.Result(run, wait), call),
            response => response.Result,
            cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<WorkflowResult?> ResultAsync(string id, CancellationToken cancellationToken = default)
    {
        var request = new V1.GetResultRequest { Id = ToWire.Id(id) };
        var response = await _calls.CallAsync((node, call) => node.Workflows.ResultAsync(request, call), cancellationToken).ConfigureAwait(false);
        return response.Result is { } result ? FromWire.Of(result) : null;
    }

    /// <inheritdoc/>
    public async Task<WorkflowPage> ListPageAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
    {
        var request = ToWire.List(query);
        return FromWire.Of(await _calls.CallAsync((node, call) => node.Workflows.ListAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
    {
        var request = new V1.CountWorkflowsRequest { Filter = ToWire.Filter(query) };
        return FromWire.Of(await _calls.CallAsync((node, call) => node.Workflows.CountAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<HistoryPage> HistoryAsync(string id, HistoryToken from = default, int limit = 100, CancellationToken cancellationToken = default)
    {
        var request = ToWire.History(id, from, limit);
        return FromWire.Of(await _calls.CallAsync((node, call) => node.Workflows.HistoryAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<HistoryEvent> WatchAsync(string id, HistoryToken from = default, CancellationToken cancellationToken = default)
    {
        _ = ToWire.Id(id);
        return FollowAsync(id, from, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Changes that happen while the connection is broken are missed, and not counted.</remarks>
    public IAsyncEnumerable<WorkflowChange> WatchAllAsync(WatchFilter? filter = null, CancellationToken cancellationToken = default) =>
        FollowAllAsync(new() { Filter = ToWire.Filter(filter) }, cancellationToken);

    /// <inheritdoc/>
    public Task SignalAsync(string id, string name, Payload? payload = null, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.SignalWorkflowRequest
        {
            Id = ToWire.Id(id),
            Name = ToWire.Text(name, "The name of the signal"),
            Payload = ToWire.Json(payload),
            CommandId = ToWire.CommandId(commandId),
        },
        (node, request, call) => node.Workflows.SignalAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Who answers is whom the API key stands for. <see cref="AnswerOptions.By"/> counts as <see cref="AnswerOptions.ClaimedBy"/> if that is null.</remarks>
    public Task AnswerAsync(
        string id, string task, Payload value, AnswerOptions? options = null, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => ToWire.Answer(id, task, value, options, commandId),
        (node, request, call) => node.Workflows.AnswerAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(string id, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.PauseWorkflowRequest { Id = ToWire.Id(id), CommandId = ToWire.CommandId(commandId) },
        (node, request, call) => node.Workflows.PauseAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(string id, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.ResumeWorkflowRequest { Id = ToWire.Id(id), CommandId = ToWire.CommandId(commandId) },
        (node, request, call) => node.Workflows.ResumeAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public Task CancelAsync(string id, string reason, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.CancelWorkflowRequest { Id = ToWire.Id(id), Reason = ToWire.Text(reason, "The reason"), CommandId = ToWire.CommandId(commandId) },
        (node, request, call) => node.Workflows.CancelAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public Task TerminateAsync(string id, string reason, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.TerminateWorkflowRequest { Id = ToWire.Id(id), Reason = ToWire.Text(reason, "The reason"), CommandId = ToWire.CommandId(commandId) },
        (node, request, call) => node.Workflows.TerminateAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public Task RetryAsync(string id, string? from = null, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => ToWire.Retry(id, from, commandId),
        (node, request, call) => node.Workflows.RetryAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public Task RewindAsync(string id, string checkpoint, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.RewindWorkflowRequest { Id = ToWire.Id(id), To = ToWire.Checkpoint(checkpoint), CommandId = ToWire.CommandId(commandId) },
        (node, request, call) => node.Workflows.RewindAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<WorkflowHandle> ForkAsync(string id, ForkOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = ToWire.Fork(id, options);
        return HandleOf(await _calls.CallAsync((node, call) => node.Workflows.ForkAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task TakeCheckpointAsync(string id, string name, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.TakeCheckpointRequest { Id = ToWire.Id(id), Name = ToWire.Text(name, "The name"), CommandId = ToWire.CommandId(commandId) },
        (node, request, call) => node.Workflows.TakeCheckpointAsync(request, call),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<CheckpointSummary>> CheckpointsAsync(string id, CancellationToken cancellationToken = default)
    {
        var request = new V1.ListCheckpointsRequest { Id = ToWire.Id(id) };
        var response = await _calls.CallAsync((node, call) => node.Workflows.CheckpointsAsync(request, call), cancellationToken).ConfigureAwait(false);
        return [.. response.Items.Select(FromWire.Of)];
    }

    /// <inheritdoc/>
    public async Task<WorkflowDescription> CheckpointAsync(string id, string checkpoint, CancellationToken cancellationToken = default)
    {
        var request = new V1.GetCheckpointRequest { Id = ToWire.Id(id), Checkpoint = ToWire.Checkpoint(checkpoint) };
        return FromWire.Of(await _calls.CallAsync((node, call) => node.Workflows.CheckpointAsync(request, call), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task PurgeAsync(string id, string? commandId = null, CancellationToken cancellationToken = default) => CommandAsync(
        () => new V1.PurgeWorkflowRequest { Id = ToWire.Id(id), CommandId = ToWire.CommandId(commandId) },
        (node, request, call) => node.Workflows.PurgeAsync(request, call),
        cancellationToken);

    /// <summary>Closes the connections. Calls that are under way end with <see cref="ObjectDisposedException"/>; what they asked for may happen nevertheless.</summary>
    public void Dispose() => _calls.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private WorkflowHandle HandleOf(V1.StartWorkflowResponse started) => new(this, started.Id) { Started = FromWire.Of(started) };

    // The request is made once, with its command id, however often it is sent.
    private async Task CommandAsync<TRequest>(
        Func<TRequest> make, Func<NodeChannel, TRequest, CallOptions, AsyncUnaryCall<V1.CommandResponse>> call, CancellationToken cancellationToken)
    {
        var request = make();
        await _calls.CallAsync((node, options) => call(node, request, options), cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<HistoryEvent> FollowAsync(string id, HistoryToken from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = from;
        var messages = _calls.StreamAsync((node, call) => node.Workflows.Watch(ToWire.Watch(id, place), call), isEndless: false, cancellationToken);
        await using var reader = messages.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync().ConfigureAwait(false))
        {
            var item = FromWire.Of(reader.Current);
            place = item.Token;
            yield return item;
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await reader.MoveNextAsync().ConfigureAwait(false);
            }
            catch (NotFoundException unknown) when (unknown.Code == "workflow-not-found" && place != from)
            {
                throw WorkflowRefusedException.Of("gone", "The run was purged while it was watched.", unknown);
            }
        }
    }

    private async IAsyncEnumerable<WorkflowChange> FollowAllAsync(V1.WatchAllRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in _calls.StreamAsync((node, call) => node.Workflows.WatchAll(request, call), isEndless: true, cancellationToken).ConfigureAwait(false))
        {
            yield return FromWire.Of(change);
        }
    }
}
