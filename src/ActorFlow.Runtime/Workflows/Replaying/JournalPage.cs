using System.Collections.Immutable;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>Reads rows of a run's journal, as many as a page holds.</summary>
internal static class JournalPage
{
    /// <summary>How many rows are read at once. Rows may be large, and those beyond the page are read for nothing.</summary>
    private const int RowsAtATime = 50;

    /// <summary>Reads the rows from one number on, in order: as many as fit, but at least one if there is one.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="persistenceId">The persistence id of the run.</param>
    /// <param name="from">The first number.</param>
    /// <param name="last">The last number.</param>
    /// <param name="max">The most rows; it is clamped to 1 to 1,000.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public static async Task<ImmutableArray<JournalEntry>> ReadAsync(IRunJournal journal, string persistenceId, long from, long last, int max)
    {
        var page = ImmutableArray.CreateBuilder<JournalEntry>();
        var (bytes, most, next) = (0L, Math.Clamp(max, 1, 1_000), Math.Max(1, from));
        while (page.Count < most && next <= last)
        {
            var count = Math.Min(RowsAtATime, most - page.Count);
            var rows = await journal.ReadAsync(persistenceId, next, last, count).ConfigureAwait(false);
            foreach (var row in rows)
            {
                bytes += MessageSizeLimits.SizeOf(row);
                if (page.Count > 0 && bytes > MessageSizeLimits.Page)
                {
                    return page.DrainToImmutable();
                }

                page.Add(row);
            }

            if (rows.IsEmpty)
            {
                break;
            }

            next = rows[^1].Sequence + 1;
        }

        return page.DrainToImmutable();
    }
}
