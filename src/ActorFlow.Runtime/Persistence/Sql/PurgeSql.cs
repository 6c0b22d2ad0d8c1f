using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>What the purge says to both databases in the same words. <c>w</c> is the index.</summary>
internal static class PurgeSql
{
    /// <summary>
    /// In ticks, 25 hours. A run that has ended is claimed for a day at most (<see cref="IndexOptions.PurgeInterval"/>) and held for minutes:
    /// what is to end later than this from now was made while the clock was ahead, and counts for nothing.
    /// </summary>
    public const string LongestClaim = "900000000000";

    /// <summary>The run owes nothing to anybody: a parent that has ended does not care how its child did.</summary>
    public const string OwesNothing =
        """
        (w.owes = 0 OR (w.owes = 1 AND EXISTS (
          SELECT 1 FROM workflow_index p WHERE p.id = w.parent AND (p.closed IS NOT NULL OR coalesce(p.purged, 0) > 0))))
        """;

    /// <summary>The journal holds nothing newer than the row knows: a run that was opened again may not have said so yet.</summary>
    public const string IsLast =
        "NOT EXISTS (SELECT 1 FROM journal j WHERE j.persistence_id = 'wf-' || w.id AND j.sequence_number > w.sequence)";

    /// <summary>What it costs to delete a run.</summary>
    public const string Units =
        """
        (SELECT COUNT(*) + COALESCE(SUM(LENGTH(j.message)), 0) / 4096 FROM journal j WHERE j.persistence_id = 'wf-' || w.id)
        + (SELECT COUNT(*) + COALESCE(SUM(LENGTH(s.snapshot)), 0) / 4096 FROM snapshot s WHERE s.persistence_id = 'wf-' || w.id)
        + (SELECT COUNT(*) + COALESCE(SUM(LENGTH(p.bytes)), 0) / 4096 FROM payload p WHERE p.persistence_id = 'wf-' || w.id)
        """;

    /// <summary>
    /// Where a large run's rows are, in the order in which they are deleted. Its checkpoints and its first rows go first: what is left
    /// then leads nowhere, and is no run any more.
    /// </summary>
    public static readonly PurgeTable[] Parts =
    [
        new(
            "SELECT sequence_number, LENGTH(snapshot) FROM snapshot WHERE persistence_id = $1 ORDER BY sequence_number LIMIT $2",
            "DELETE FROM snapshot WHERE persistence_id = $1 AND sequence_number <= $2"),
        new(
            "SELECT sequence_number, LENGTH(message) FROM journal WHERE persistence_id = $1 ORDER BY sequence_number LIMIT $2",
            "DELETE FROM journal WHERE persistence_id = $1 AND sequence_number <= $2"),
        new(
            "SELECT hash, LENGTH(bytes) FROM payload WHERE persistence_id = $1 ORDER BY hash LIMIT $2",
            "DELETE FROM payload WHERE persistence_id = $1 AND hash <= $2"),
    ];

    private const int BytesPerUnit = 4096;

    /// <summary>What a row costs to delete.</summary>
    public static long UnitsOf(long bytes) => 1 + (bytes / BytesPerUnit);
}

/// <summary>Rows of one run in one table.</summary>
/// <param name="Select">The keys and sizes of the first ones.</param>
/// <param name="Delete">Deletes up to a key.</param>
internal sealed record PurgeTable(string Select, string Delete);

/// <summary>The rows of a run that the next transaction deletes: those of one table up to a key.</summary>
/// <param name="Delete">How.</param>
/// <param name="Key">Up to which.</param>
internal sealed record PurgePart(string Delete, object Key)
{
    /// <summary>The part that comes next, a row at least; null means that no row is left.</summary>
    /// <param name="units">How much it may cost.</param>
    /// <param name="read">Reads keys and sizes of a table.</param>
    public static PurgePart? Next(int units, Func<PurgeTable, IEnumerable<(object Key, long Bytes)>> read)
    {
        foreach (var table in PurgeSql.Parts)
        {
            var (key, cost) = ((object?)null, 0L);
            foreach (var row in read(table))
            {
                cost += PurgeSql.UnitsOf(row.Bytes);
                if (key is not null && cost > units)
                {
                    break;
                }

                key = row.Key;
            }

            if (key is not null)
            {
                return new(table.Delete, key);
            }
        }

        return null;
    }
}
