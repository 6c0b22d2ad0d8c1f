using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>What runs hold and held. What is too large for a message between nodes is read from the store that they share.</summary>
public sealed partial class WorkflowEngine
{
    /// <summary>What a checkpoint holds.</summary>
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

    /// <summary>Everything that the run holds.</summary>
    public async Task<WorkflowReply.Details> DetailsAsync(string id, CancellationToken cancellationToken = default) =>
        await AskToReadAsync(new WorkflowQuery.GetDetails(id), cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.Details details => details,
            WorkflowReply.ReadFromStore place => new(
                id, await ReadImageAsync(place, cancellationToken).ConfigureAwait(false), place.Outcome, place.CheckpointFailure),
            var other => throw Unexpected(other),
        };

    /// <summary>What the run's journal holds, in order, a page at a time: the next page begins behind the last row of this one.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">The number of the first row, from 1.</param>
    /// <param name="max">How many rows at most, 1 to 1,000. A page holds fewer where they come to more than 2 MB, but one at least.</param>
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

    /// <summary>Where a checkpoint is found, and what its run was started with.</summary>
    private async Task<WorkflowReply.ReadFromStore> PlaceOfAsync(string id, string checkpoint, CancellationToken cancellationToken) =>
        await AskAsync(new WorkflowQuery.GetCheckpoint(id, checkpoint) { PlaceOnly = true }, cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.ReadFromStore { Input: not null } place => place,
            // A node of a release before this one tells all.
            WorkflowReply.Checkpoint { Image: var image } kept =>
                new(id, image.RunId, kept.Sequence, image.Definition) { Input = image.Input },
            var other => throw Unexpected(other),
        };

    private async Task<RunImage> ReadImageAsync(WorkflowReply.ReadFromStore place, CancellationToken cancellationToken)
    {
        var plan = await _plans.LoadAsync(place.Definition.Hash, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowRefusedException(
                "definition-not-found", $"The definition {place.Definition.Name}@{place.Definition.Version} is not in the store.");
        var image = await ReadAsync(
            place,
            system => PastState.ReadAsync(system, _store.Checkpoints, plan, PersistenceIds.Of(place.WorkflowId), place.Sequence, closedToo: true),
            cancellationToken).ConfigureAwait(false);
        return image?.RunId == place.RunId
            ? image
            : throw new WorkflowRefusedException("workflow-not-found", $"The workflow run '{place.WorkflowId}' is not in the store any more.");
    }

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
