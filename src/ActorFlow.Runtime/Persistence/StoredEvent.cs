using System.Data.Common;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Runtime.Persistence;

/// <summary>Whether a row that is in the journal is the one that was to be written: a commit may succeed and its answer be lost.</summary>
internal static class StoredEvent
{
    /// <param name="row">What was to be written.</param>
    /// <param name="stored">A row with the columns message, manifest, identifier, writer_uuid.</param>
    public static bool Is(JournalRow row, DbDataReader stored) =>
        row.WriterUuid is not null
        && !stored.IsDBNull(3) && stored.GetString(3) == row.WriterUuid
        && stored.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(row.Message)
        && (stored.IsDBNull(1) ? "" : stored.GetString(1)) == row.Manifest
        && (stored.IsDBNull(2) ? null : stored.GetInt32(2)) == row.Identifier;

    /// <summary>What to tell the writer of rows of which this one is somebody else's.</summary>
    public static FencedWriteException Fence(JournalRow foreign, Exception conflict) => new(
        $"{foreign.PersistenceId}: another incarnation has written sequence number {foreign.SequenceNumber} or one beside it.", conflict);
}
