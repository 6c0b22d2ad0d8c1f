namespace ActorFlow.Runtime.Index;

/// <summary>
/// Decides how much one transaction of the purge deletes, so that no writer waits for it longer than <see cref="Limit"/>: it aims at half of
/// that, by the times of earlier transactions. It also decides how long the purge then waits: as long as the transaction took.
/// </summary>
internal sealed class PurgePace
{
    /// <summary>The most units of one transaction.</summary>
    public const int Most = 20_000;

    private const int First = 100;

    /// <summary>How much larger the next transaction may be: one that was quick by chance must not make the next one long.</summary>
    private const double Growth = 1.25;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a transaction may hold up writers: 20 ms.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How much the next transaction deletes: see <see cref="DueRun.Units"/>.</summary>
    public int Units { get; private set; } = First;

    /// <summary>How many of the runs, from the first on, make up the next transaction; 0 means that the first is too large for one.</summary>
    public int Cut(IEnumerable<DueRun> runs)
    {
        var (count, units) = (0, 0L);
        foreach (var run in runs)
        {
            units += run.Units;
            if (units > Units)
            {
                break;
            }

            count++;
        }

        return count;
    }

    /// <summary>Adapts to the time of a transaction.</summary>
    /// <param name="units">The units that it deleted.</param>
    /// <param name="took">How long it took.</param>
    /// <returns>How long to wait before the next.</returns>
    public TimeSpan Note(long units, TimeSpan took)
    {
        var fitting = took > TimeSpan.Zero ? units * (Limit / 2 / took) : double.MaxValue;
        if (fitting < Units)
        {
            // At least a row, however slow the disk is. A transaction of few units tells little about many: it reduces the units to a quarter at most.
            Units = (int)Math.Max(Math.Max(fitting, Units / 4), 1);
        }
        else if (units > Units / 2)
        {
            Units = (int)Math.Min(Math.Min(fitting, Math.Ceiling(Units * Growth)), Most);
        }

        return took < ShortestPause ? ShortestPause : took > LongestPause ? LongestPause : took;
    }
}
