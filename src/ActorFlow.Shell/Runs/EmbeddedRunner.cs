using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Shell.Asking;

namespace ActorFlow.Shell.Runs;

/// <summary>Runs a workflow on a node inside this process: its own worker, its own database in the data directory.</summary>
internal sealed class EmbeddedRunner(TimeProvider clock) : IWorkflowRunner
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private volatile StoreHealth? _health;

    /// <inheritdoc/>
    public string? StoreWriteFailure => _health?.WriteFailure?.Reason;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Handlers => EmbeddedNode.Handlers;

    /// <inheritdoc/>
    public async Task<RunResult> RunAsync(RunRequest request, IRunProgress progress, IPrompt prompt, CancellationToken cancellationToken)
    {
        var feed = new ProgressFeed(request.Id, progress, clock, announcesRecovery: request.Turn is null);
        await using var node = await EmbeddedNode.StartAsync(request.DataDirectory, request.Parallel, feed).ConfigureAwait(false);
        _health = node.Health;
        await using var watch = new StoreWatch(node.Health, progress, clock);
        return await node.AskAsync(async () =>
        {
            await BeginPatientlyAsync(node, request, cancellationToken).ConfigureAwait(false);
            var prompts = new PromptLoop(node, new RunTree(node, request.Id, clock), feed, prompt);
            var result = await FollowAsync(node, request.Id, prompts, cancellationToken).ConfigureAwait(false);
            return result.Status == WorkflowStatus.Waiting
                ? result
                : result with { LeftChildren = await FollowChildrenAsync(node, feed, prompt, cancellationToken).ConfigureAwait(false) };
        }).ConfigureAwait(false);
    }

    /// <summary>Begins the run. While the store cannot write, a start waits, and the run begins once it can. A start may be repeated; a rewind, fork or retry may not.</summary>
    private async Task BeginPatientlyAsync(EmbeddedNode node, RunRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await BeginAsync(node, request, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (
                error is StoreWriteException or TimeoutException or UnavailableException or RequestTimeoutException
                && node.Health.WriteFailure is { IsDamage: false } && request.Turn is null)
            {
                await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Task BeginAsync(EmbeddedNode node, RunRequest request, CancellationToken cancellationToken) => request.Turn switch
    {
        RunContinuation.Rewind rewind => TurnAsync(node, request.Id, () => node.Client.RewindAsync(request.Id, rewind.To, cancellationToken: cancellationToken), cancellationToken),
        RunContinuation.Retry retry => TurnAsync(node, request.Id, () => node.Client.RetryAsync(request.Id, retry.From, cancellationToken: cancellationToken), cancellationToken),
        RunContinuation.Fork fork => TurnAsync(node, fork.Of, () => ForkAsync(node.Client, fork, request, cancellationToken), cancellationToken),
        _ when request.Definitions.IsEmpty => TurnAsync(node, request.Id, () => Task.CompletedTask, cancellationToken),
        _ => StartAsync(node, request, cancellationToken),
    };

    private async Task TurnAsync(EmbeddedNode node, string run, Func<Task> turn, CancellationToken cancellationToken)
    {
        var details = await node.Engine.DetailsAsync(run, cancellationToken).ConfigureAwait(false);
        var definitions = new List<WorkflowDefinition>();
        foreach (var reference in details.Image.Companions.Prepend(details.Image.Definition))
        {
            definitions.Add((await node.PlanOfAsync(reference, cancellationToken).ConfigureAwait(false)).Definition);
        }

        OfferedHandlers.Check(definitions, $"the run {run}", Handlers);
        await turn().ConfigureAwait(false);
    }

    private static async Task ForkAsync(IWorkflowClient client, RunContinuation.Fork fork, RunRequest request, CancellationToken cancellationToken)
    {
        var from = fork.From;
        if (from is null)
        {
            var kept = await client.CheckpointsAsync(fork.Of, cancellationToken).ConfigureAwait(false);
            from = kept is [var newest, ..]
                ? $"#{newest.Sequence}"
                : throw new CommandFailure(
                    $"the run {fork.Of} keeps no checkpoint; 'actorflow history {fork.Of}' lists the points that --from #N takes", ExitCode.NotFound);
        }

        await client.ForkAsync(fork.Of, new() { From = from, Id = request.Id, Input = request.Input }, cancellationToken).ConfigureAwait(false);
    }

    private async Task StartAsync(EmbeddedNode node, RunRequest request, CancellationToken cancellationToken)
    {
        var references = ImmutableArray.CreateBuilder<DefinitionReference>();
        foreach (var definition in request.Definitions)
        {
            references.Add(await node.Engine.KeepAsync(definition, cancellationToken).ConfigureAwait(false));
        }

        var known = request.IsNewId ? null : await FindAsync(node.Client, request.Id, cancellationToken).ConfigureAwait(false);
        if (known is null)
        {
            await new KnownChildren(node, request.Definitions, Handlers).CheckAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (request.Input is null)
        {
            // A child from the definitions of the document goes on with the document.
            if (references.All(reference => reference.Hash != known.Hash))
            {
                throw new CommandFailure(
                    $"the id '{request.Id}' is in use by a run of {known.Name}@{known.Version} with other content. Choose another --id.",
                    ExitCode.Conflict);
            }

            return;
        }

        // The first definition is included: a workflow may run itself.
        var start = new WorkflowStart(request.Id, references[0], request.Input ?? Payload.EmptyObject)
        {
            Companions = request.Definitions.Any(KnownChildren.HasAny) ? references.ToImmutable() : [],
            // A later command may resume it from elsewhere; its relative paths keep their meaning.
            Directory = Environment.CurrentDirectory,
        };
        try
        {
            await node.Engine.StartAsync(start, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "invalid-input" && request.Input is null)
        {
            throw new CommandFailure($"{OneLine.Of(refused.Message).TrimEnd('.')}; give it with --input: JSON, @file, or - for standard input", cause: refused);
        }
    }

    private static async Task<DefinitionReference?> FindAsync(IWorkflowClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.DescribeAsync(id, cancellationToken).ConfigureAwait(false)).Definition;
        }
        catch (NotFoundException refused) when (refused.Code == "workflow-not-found")
        {
            return null;
        }
    }

    /// <summary>
    /// Follows the children that continue after the run has ended: each to its end, unless it waits for a person or a signal, or the command is interrupted.
    /// </summary>
    /// <returns>The ids of those that have not ended.</returns>
    private async Task<ImmutableArray<string>> FollowChildrenAsync(
        EmbeddedNode node, ProgressFeed feed, IPrompt prompt, CancellationToken cancellationToken)
    {
        var left = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (feed.Children.FirstOrDefault(child => !seen.Contains(child)) is { } child)
        {
            seen.Add(child);
            if (!await IsOpenAsync(node.Client, child).ConfigureAwait(false))
            {
                continue;
            }

            try
            {
                var prompts = new PromptLoop(node, new RunTree(node, child, clock), feed, prompt, isUnderWay: true);
                if (await FollowAsync(node, child, prompts, cancellationToken).ConfigureAwait(false) is { Status: WorkflowStatus.Waiting })
                {
                    left.Add(child);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                left.Add(child);
            }
        }

        return left.DrainToImmutable();
    }

    /// <summary>Whether the run has not ended; it waits for a run that is about to begin.</summary>
    private async Task<bool> IsOpenAsync(IWorkflowClient client, string id)
    {
        for (var look = 0; ; look++)
        {
            try
            {
                return await client.ResultAsync(id, CancellationToken.None).ConfigureAwait(false) is null;
            }
            catch (WorkflowRefusedException refused) when (refused.Code == "workflow-not-found")
            {
                if (look == 10)
                {
                    return false;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), clock).ConfigureAwait(false);
            }
        }
    }

    private static async Task<RunResult> FollowAsync(EmbeddedNode node, string id, PromptLoop prompts, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var end = node.Client.WaitForResultAsync(id, over.Token);
        var attending = prompts.AttendAsync(over.Token);
        await Task.WhenAny(end, attending).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)attending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (end.IsCompletedSuccessfully)
        {
            return await ResultOfAsync(node, await end.ConfigureAwait(false)).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return attending.IsCanceled
            ? await ResultOfAsync(node, await end.ConfigureAwait(false)).ConfigureAwait(false)
            : RunResult.Waiting(await attending.ConfigureAwait(false));
    }

    private static async Task<RunResult> ResultOfAsync(EmbeddedNode node, WorkflowResult ended)
    {
        var result = new RunResult(
            ended.Status,
            ended.Output,
            ended.Failure is { } error ? $"{error.Type}: {error.Message}" : ended.Reason,
            ended.Failures)
        {
            StartedAt = ended.StartedAt,
            EndedAt = ended.ClosedAt,
        };
        return await DescribeAsync(node.Client, ended.Id).ConfigureAwait(false) is { } description
            ? result with { Tolerated = ToleratedFailures.In(description), Counts = (description.Progress.Tasks, description.Progress.Settled) }
            : result;
    }

    /// <summary>The description of a run that has ended; null means that the node was too busy to answer, which does not change how the run ended.</summary>
    private static async Task<WorkflowDescription?> DescribeAsync(IWorkflowClient client, string id)
    {
        try
        {
            return await client.DescribeAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RequestTimeoutException)
        {
            return null;
        }
    }
}
