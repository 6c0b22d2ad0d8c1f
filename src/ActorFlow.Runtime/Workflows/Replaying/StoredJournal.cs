using System.Collections.Immutable;
using System.Data.Common;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Wire;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>The journal of a store that no actor system has: its rows are read as they are stored.</summary>
/// <param name="storage">The rows.</param>
internal sealed class StoredJournal(IJournalStorage storage) : IRunJournal
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<JournalEntry>> ReadAsync(string persistenceId, long from, long to = long.MaxValue, long max = long.MaxValue)
    {
        var rows = ImmutableArray.CreateBuilder<JournalEntry>();
        try
        {
            await storage.ReplayAsync(persistenceId, from, to, max, row => rows.Add(new(row.SequenceNumber, Read(row).Commits))).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (IOException or DbException or OutOfMemoryException))
        {
            throw new IOException($"The journal of {persistenceId} cannot be read: {error.Message}", error);
        }

        return rows.DrainToImmutable();
    }

    private static CommitBatch Read(JournalRow row) => row.Manifest == Manifests.CommitBatch
        ? JournalFormat.Read(row.Message)
        : throw new InvalidDataException($"{row.PersistenceId}: the event with sequence number {row.SequenceNumber} is of the unknown kind '{row.Manifest}'.");
}
