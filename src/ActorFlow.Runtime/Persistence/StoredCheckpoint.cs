using System.Data.Common;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// Reading snapshots that may be unreadable: damaged, of a later version, or taken of another state than the number says. The
/// events are all kept, so the one before does as well, and none at all if need be.
/// </summary>
internal static class StoredCheckpoint
{
    /// <summary>The newest snapshot up to a sequence number that can be read; each that cannot is a warning.</summary>
    /// <param name="log">Where the warnings go.</param>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="upTo">The highest sequence number that will do.</param>
    /// <param name="find">The newest row up to a sequence number; null means that there is no more.</param>
    /// <param name="read">Reads a row.</param>
    public static SelectedSnapshot? Newest<TRow>(
        ILoggingAdapter log, string persistenceId, long upTo, Func<long, (long Sequence, TRow Row)?> find, Func<TRow, SelectedSnapshot> read)
    {
        while (find(upTo) is var (sequence, row))
        {
            try
            {
                var selected = read(row);
                Check(selected.Snapshot, sequence);
                return selected;
            }
            catch (Exception error) when (error is not (DbException or OutOfMemoryException))
            {
                log.Warning(
                    error, "{0}: the checkpoint with sequence number {1} cannot be read, the one before is taken. {2}",
                    persistenceId, sequence, error.GetBaseException().Message);
                upTo = sequence - 1;
            }
        }

        return null;
    }

    /// <summary>One checkpoint from its bytes.</summary>
    /// <exception cref="InvalidDataException">They cannot be read; the message names the run and the number.</exception>
    public static WorkflowCheckpoint Read(string persistenceId, long sequence, byte[] bytes)
    {
        try
        {
            var checkpoint = CheckpointFormat.Read(bytes);
            Check(checkpoint, sequence);
            return checkpoint;
        }
        catch (Exception error) when (error is not (DbException or OutOfMemoryException))
        {
            throw new InvalidDataException(
                $"{persistenceId}: the checkpoint with sequence number {sequence} cannot be read. {error.Message}", error);
        }
    }

    private static void Check(object snapshot, long sequence)
    {
        if (snapshot is WorkflowCheckpoint checkpoint && checkpoint.Sequence != sequence)
        {
            throw new InvalidDataException($"It was taken after sequence number {checkpoint.Sequence}.");
        }
    }
}
