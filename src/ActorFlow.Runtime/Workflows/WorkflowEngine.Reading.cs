using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Reads the present and past states of runs. What is too large for a message between nodes is read from the store that they share.</summary>
public sealed partial class WorkflowEngine
{
    /// <summary>Reads a checkpoint.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="checkpoint">Its name, or its number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<WorkflowReply.Checkpoint> CheckpointAsync(string id, string checkpoint, CancellationToken cancellationToken = default) =>
        await AskToReadAsync(new WorkflowQuery.GetCheckpoint(id, checkpoint), cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.Checkpoint kept => kept,
            WorkflowReply.ReadFromStore place => new(id, place.Sequence, await ReadImageAsync(place, cancellationToken).ConfigureAwait(false)),
            var other => throw Unexpected(other),
        };

    /// <summary>Reads everything that the run holds.</summary>
    public async Task<WorkflowReply.Details> DetailsAsync(string id, CancellationToken cancellationToken = default) =>
        await AskToReadAsync(new WorkflowQuery.GetDetails(id), cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.Details details => details,
            WorkflowReply.ReadFromStore place => new(
                id, await ReadImageAsync(place, cancellationToken).ConfigureAwait(false), place.Outcome, place.CheckpointFailure),
            var other => throw Unexpected(other),
        };

    /// <summary>Reads the run's journal, in order, a page at a time: the next page begins after the last row of this one.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">The number of the first row, from 1.</param>
    /// <param name="max">The most rows, 1 to 1,000. A page holds fewer if they exceed 2 MB, but at least one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<WorkflowReply.History> HistoryAsync(string id, long from = 1, int max = 1_000, CancellationToken cancellationToken = default) =>
        await AskToReadAsync(new WorkflowQuery.GetHistory(id, from, max), cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.History history => history,
            WorkflowReply.ReadFromStore place => new(
                id,
                await ReadAsync(place, system => HistoryPage.ReadAsync(system, PersistenceIds.Of(id), from, place.Sequence, max), cancellationToken).ConfigureAwait(false),
                place.Sequence),
            var other => throw Unexpected(other),
        };

    /// <summary>The attempt that requested the run as its child and left it; null means that the parent knows or will learn how it ended.</summary>
    private async Task<AttemptId?> WhoLeftAsync(string id, CancellationToken cancellationToken)
    {
        if ((await DetailsAsync(id, cancellationToken).ConfigureAwait(false)).Image.Parent is not { } link)
        {
            return null;
        }

        try
        {
            return await HasLeftAsync(link, cancellationToken).ConfigureAwait(false) ? link.Attempt : null;
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "workflow-not-found")
        {
            // The parent was purged: no state of it can conflict with its child.
            return link.Attempt;
        }
    }

    /// <summary>Whether the parent left its child. Only its journal tells: the content of a settled group is no longer in its state.</summary>
    private async Task<bool> HasLeftAsync(ParentLink link, CancellationToken cancellationToken)
    {
        var parent = (await DetailsAsync(link.WorkflowId, cancellationToken).ConfigureAwait(false)).Image;
        if (parent.RunId != link.Attempt.RunId)
        {
            return true;
        }

        var plan = await LoadAsync(parent.Definition, cancellationToken).ConfigureAwait(false);
        var children = new AbandonedChildren();
        WorkflowState? state = null;
        for (long next = 1; ;)
        {
            var page = await HistoryAsync(link.WorkflowId, next, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var commit in page.Rows.SelectMany(row => row.Commits))
            {
                // A journal may hold earlier runs of that id, of other definitions.
                state = commit.Events.OfType<WorkflowEvent.Started>().FirstOrDefault() is { } started
                    ? started.RunId == parent.RunId ? WorkflowState.Initial(plan) : null
                    : state;
                state = state is null ? null : WorkflowDecider.Evolve(state, commit, children);
            }

            if (page.Rows.IsEmpty || page.Rows[^1].Sequence >= page.Last)
            {
                return state is not null && children.HasLeft(state, link.Attempt);
            }

            next = page.Rows[^1].Sequence + 1;
        }
    }

    /// <summary>The place of a checkpoint in the store, and the input of its run.</summary>
    private async Task<WorkflowReply.ReadFromStore> PlaceOfAsync(string id, string checkpoint, CancellationToken cancellationToken) =>
        await AskAsync(new WorkflowQuery.GetCheckpoint(id, checkpoint) { PlaceOnly = true }, cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.ReadFromStore { Input: not null } place => place,
            // A node of an earlier release sends the whole checkpoint.
            WorkflowReply.Checkpoint { Image: var image } kept =>
                new(id, image.RunId, kept.Sequence, image.Definition) { Input = image.Input },
            var other => throw Unexpected(other),
        };

    private async Task<RunImage> ReadImageAsync(WorkflowReply.ReadFromStore place, CancellationToken cancellationToken)
    {
        var plan = await LoadAsync(place.Definition, cancellationToken).ConfigureAwait(false);
        var image = await ReadAsync(
            place,
            system => PastState.ReadAsync(system, _store.Checkpoints, plan, PersistenceIds.Of(place.WorkflowId), place.Sequence, closedToo: true),
            cancellationToken).ConfigureAwait(false);
        return image?.RunId == place.RunId
            ? image
            : throw new WorkflowRefusedException("workflow-not-found", $"The workflow run '{place.WorkflowId}' is not in the store any more.");
    }

    private async Task<WorkflowPlan> LoadAsync(DefinitionReference definition, CancellationToken cancellationToken) =>
        await _plans.LoadAsync(definition.Hash, cancellationToken).ConfigureAwait(false)
        ?? throw new WorkflowRefusedException("definition-not-found", $"The definition {definition.Name}@{definition.Version} is not in the store.");

    private async Task<TRead> ReadAsync<TRead>(WorkflowReply.ReadFromStore place, Func<ActorSystem, Task<TRead>> read, CancellationToken cancellationToken)
    {
        var region = (ActorRefWithCell)await _region.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await read(region.Underlying.System).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new WorkflowRefusedException("unavailable", $"The workflow run '{place.WorkflowId}' cannot be read from the store: {error.GetBaseException().Message}");
        }
    }

    private Task<WorkflowReply> AskToReadAsync(WorkflowQuery query, CancellationToken cancellationToken) =>
        AskForAsync<WorkflowReply>(query, AnswerTimeout, cancellationToken);

    private static InvalidOperationException Unexpected(WorkflowReply reply) =>
        new($"The run '{reply.WorkflowId}' answered {reply.GetType().Name}.");
}
