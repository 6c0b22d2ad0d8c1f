using System.Collections.Immutable;
using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Lists the checkpoints of one run: the named ones, which its journal holds, and the others, which the store keeps.</summary>
internal static class KeptCheckpoints
{
    /// <summary>Lists them, newest first.</summary>
    /// <param name="catalog">The checkpoints in the store; null means that there are none.</param>
    /// <param name="id">The id of the run.</param>
    /// <param name="named">The named ones.</param>
    public static async Task<WorkflowReply> ListAsync(ICheckpointCatalog? catalog, string id, ImmutableArray<NamedCheckpoint> named)
    {
        var kept = catalog is null ? [] : await catalog.ListAsync(PersistenceIds.Of(id)).ConfigureAwait(false);
        var stored = kept.ToDictionary(one => one.Sequence);
        var byName = named.Select(one => new CheckpointSummary(one.Sequence, one.Name, one.At, stored.GetValueOrDefault(one.Sequence)?.Bytes ?? 0));
        var names = named.Select(one => one.Sequence).ToHashSet();
        var others = kept.Where(one => !names.Contains(one.Sequence)).Select(one => new CheckpointSummary(one.Sequence, null, one.Created, one.Bytes));
        return new WorkflowReply.Checkpoints(id, [.. byName.Concat(others).OrderByDescending(one => one.Sequence)]);
    }
}
