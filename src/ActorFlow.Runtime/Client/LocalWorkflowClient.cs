using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Watching;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Hosting;

namespace ActorFlow.Runtime.Client;

/// <summary>Starts, steers and reads runs from within the process of a node.</summary>
/// <param name="engine">Speaks to runs.</param>
/// <param name="descriptions">Describes runs.</param>
/// <param name="definitions">The definitions.</param>
/// <param name="plans">The plans of definitions.</param>
/// <param name="index">The runs as lists see them.</param>
/// <param name="changes">Tells of changes of runs.</param>
/// <param name="purging">Purges runs.</param>
/// <param name="actors">Has the node's <see cref="IndexWriter"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalWorkflowClient(
    WorkflowEngine engine,
    RunDescriptions descriptions,
    LocalDefinitionClient definitions,
    PlanCache plans,
    IWorkflowIndex index,
    RunChanges changes,
    RunPurging purging,
    IReadOnlyActorRegistry actors,
    TimeProvider time)
    : IWorkflowClient
{
    /// <summary>How long a list waits for the rows of its node. They take longer only while the store cannot write, and then it shows what is there.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);

    private readonly HistoryContinuations _histories = new();
    private readonly RunWatching _watching = new(engine, plans, index, changes);

    /// <inheritdoc/>
    public IDefinitionClient Definitions => definitions;

    /// <inheritdoc/>
    public Task<WorkflowHandle> StartAsync(
        string definition, Payload? input = null, StartOptions? options = null, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        options ??= new();
        var commandId = CommandIds.Of(options.CommandId);
        var reference = await definitions.ResolveAsync(definition, cancellationToken).ConfigureAwait(false);
        var start = new WorkflowStart(options.Id ?? IdOf(commandId), reference, input ?? Payload.EmptyObject)
        {
            CommandId = commandId,
            AnyVersion = !definition.Contains('@', StringComparison.Ordinal),
            Directory = options.Directory,
            IsFresh = options.Id is null && options.CommandId is null,
            StartAt = DelayedStart.TimeOf(options, time.GetUtcNow()),
            Tags = options.Tags.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        var started = await engine.StartAsync(start, cancellationToken).ConfigureAwait(false);
        return new WorkflowHandle(this, start.Id) { Started = started };
    });

    /// <inheritdoc/>
    public WorkflowHandle GetHandle(string id) => new(this, id);

    /// <inheritdoc/>
    public Task<WorkflowDescription> DescribeAsync(string id, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => descriptions.DescribeAsync(id, cancellationToken));

    /// <inheritdoc/>
    public Task<WorkflowExplanation> ExplainAsync(string id, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => descriptions.ExplainAsync(id, cancellationToken));

    /// <inheritdoc/>
    public Task<WorkflowResult> WaitForResultAsync(string id, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(async () => ResultOf(await _watching.EndAsync(id, cancellationToken).ConfigureAwait(false)));

    /// <inheritdoc/>
    public Task<WorkflowResult?> ResultAsync(string id, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => ReadResultAsync(id, cancellationToken));

    /// <inheritdoc/>
    public Task<WorkflowPage> ListPageAsync(ListQuery? query = null, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        var indexed = QueryOf(query ?? new());
        var asOf = await FlushAsync(cancellationToken).ConfigureAwait(false);
        var page = await CheckedAsync(() => index.ListAsync(indexed, cancellationToken)).ConfigureAwait(false);
        var next = page.Continuation is { } continuation ? ListCursor.Of(indexed, continuation) : null;
        return new WorkflowPage([.. page.Rows.Select(row => row.ToSummary())], next) { AsOf = asOf };
    });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(ListQuery? query = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(async () =>
        {
            var indexed = QueryOf(query ?? new());
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            return await CheckedAsync(() => index.CountAsync(indexed, cancellationToken)).ConfigureAwait(false);
        });

    /// <inheritdoc/>
    public Task<HistoryPage> HistoryAsync(
        string id, HistoryToken from = default, int limit = 100, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        if (limit is < 1 or > IndexQuery.LargestPage)
        {
            throw WorkflowRefusedException.Of("invalid-request", $"The limit must lie between 1 and {IndexQuery.LargestPage}.");
        }

        var history = _histories.Take(id, from) ?? new RunHistory(engine, plans, id);
        var page = await history.ReadAsync(from, limit, cancellationToken).ConfigureAwait(false);
        _histories.Keep(id, page.Next, history);
        return page;
    });

    /// <inheritdoc/>
    public IAsyncEnumerable<HistoryEvent> WatchAsync(string id, HistoryToken from = default, CancellationToken cancellationToken = default) =>
        _watching.WatchAsync(id, from, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<WorkflowChange> WatchAllAsync(
        WatchFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stream = changes.WatchAll(filter ?? new());
        await foreach (var change in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return change;
        }
    }

    /// <inheritdoc/>
    public Task SignalAsync(string id, string name, Payload? payload = null, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.SignalAsync(id, name, payload ?? Payload.Null, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task AnswerAsync(
        string id, string task, Payload value, AnswerOptions? options = null, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.AnswerAsync(id, task, value, options ?? new(), CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task PauseAsync(string id, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.PauseAsync(id, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task ResumeAsync(string id, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.ResumeAsync(id, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task CancelAsync(string id, string reason, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.CancelAsync(id, reason, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task TerminateAsync(string id, string reason, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.TerminateAsync(id, reason, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task RetryAsync(string id, string? from = null, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.RetryAsync(id, from, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task RewindAsync(string id, string checkpoint, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.RewindAsync(id, checkpoint, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task<WorkflowHandle> ForkAsync(string id, ForkOptions? options = null, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        options ??= new();
        var commandId = CommandIds.Of(options.CommandId);
        var forked = options.Id ?? IdOf(commandId);
        if (options.CommandId is not null && await engine.FindForkAsync(id, options, forked, commandId, cancellationToken).ConfigureAwait(false) is { } first)
        {
            return new WorkflowHandle(this, forked) { Started = first };
        }

        var from = options.From ?? await NewestCheckpointAsync(id, cancellationToken).ConfigureAwait(false);
        var started = await engine.ForkAsync(id, from, forked, options.Input, commandId, cancellationToken).ConfigureAwait(false);
        return new WorkflowHandle(this, forked) { Started = started };
    });

    /// <inheritdoc/>
    public Task TakeCheckpointAsync(string id, string name, string? commandId = null, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.TakeCheckpointAsync(id, name, CommandIds.Of(commandId), cancellationToken));

    /// <inheritdoc/>
    public Task<ImmutableArray<CheckpointSummary>> CheckpointsAsync(string id, CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => engine.CheckpointsAsync(id, cancellationToken));

    /// <inheritdoc/>
    public Task<WorkflowDescription> CheckpointAsync(string id, string checkpoint, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        var kept = await engine.CheckpointAsync(id, checkpoint, cancellationToken).ConfigureAwait(false);
        var plan = await plans.RequireAsync(kept.Image.Definition, cancellationToken).ConfigureAwait(false);
        return RunDescriber.Describe(plan, kept.Image) with { Checkpoint = kept.Sequence };
    });

    /// <inheritdoc/>
    public Task PurgeAsync(string id, string? commandId = null, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(() =>
    {
        // A run that is gone remembers no commands: its tombstone answers a repeat.
        _ = CommandIds.Of(commandId);
        return purging.PurgeAsync(id, cancellationToken);
    });

    /// <summary>Waits until the index has what this node's runs have sent it.</summary>
    /// <returns>The time of that.</returns>
    private async Task<DateTimeOffset> FlushAsync(CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        if (actors.TryGet<IndexWriter>(out var writer))
        {
            await IndexWriter.DrainAsync(writer, FlushTime).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return asOf;
    }

    private static string IdOf(Guid commandId) => commandId.ToString("n");

    private async Task<string> NewestCheckpointAsync(string id, CancellationToken cancellationToken) =>
        await engine.CheckpointsAsync(id, cancellationToken).ConfigureAwait(false) is [var newest, ..]
            ? string.Create(CultureInfo.InvariantCulture, $"#{newest.Sequence}")
            : throw WorkflowRefusedException.Of("checkpoint-not-found", $"The workflow run '{id}' keeps no checkpoint.");

    private async Task<WorkflowResult?> ReadResultAsync(string id, CancellationToken cancellationToken) =>
        await engine.StatusOfAsync(id, cancellationToken).ConfigureAwait(false) is WorkflowReply.Ended ended ? ResultOf(ended) : null;

    /// <summary>The result of a run that has ended.</summary>
    internal static WorkflowResult ResultOf(WorkflowReply.Ended ended) => new()
    {
        Id = ended.WorkflowId,
        Definition = ended.Definition,
        Status = ended.Outcome.ToStatus(),
        Output = ended.Outcome == RunOutcome.Completed ? ended.Output : null,
        Failure = ended.Error,
        Reason = ended.Reason,
        Failures = ended.Failures,
        StartedAt = ended.StartedAt,
        ClosedAt = ended.ClosedAt,
    };

    private static async Task<T> CheckedAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            throw WorkflowRefusedException.Of("invalid-request", wrong.Message, wrong);
        }
    }

    private static IndexQuery QueryOf(ListQuery query)
    {
        var (name, version) = (query.Definition, default(int?));
        if (name is not null && !Identifiers.TryReadDefinition(name, out name, out version))
        {
            throw WorkflowRefusedException.Of("invalid-request", "A definition is named as name or name@version.");
        }

        WorkflowEngine.CheckTags(query.Tags.Keys);
        var indexed = new IndexQuery
        {
            Statuses = [.. query.Status],
            Definition = name,
            Version = version,
            StartedSince = query.Since,
            StartedUntil = query.Until,
            Tags = query.Tags.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Parent = query.Parent,
            Text = query.Text,
            Limit = query.Limit,
        };
        return query.Cursor is { } cursor ? indexed with { Continuation = ListCursor.Read(indexed, cursor) } : indexed;
    }
}
