using System.Globalization;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// Lets the room of purged runs be used again soon after they are gone: PostgreSQL's own vacuum looks once a minute by default, and the
/// tables grow by what comes in meanwhile.
/// </summary>
internal sealed class PostgresVacuum(PostgresReaders readers)
{
    /// <summary>How many runs are purged between two at least.</summary>
    private const int LeastRuns = 5_000;

    /// <summary>Each reads whole indexes: of many runs that are kept, as large a share is purged between two.</summary>
    private const int Share = 10;

    private static readonly string[] Tables = ["journal", "tags", "snapshot", "payload", "workflow_index", "workflow_tag"];

    private long _purged;
    private int _isRunning;

    /// <summary>Runs were purged.</summary>
    /// <param name="runs">How many.</param>
    public void Note(int runs)
    {
        if (Interlocked.Add(ref _purged, runs) >= LeastRuns && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            _ = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            if (Interlocked.Read(ref _purged) >= await KeptAsync().ConfigureAwait(false) / Share)
            {
                Interlocked.Exchange(ref _purged, 0);
                foreach (var table in Tables)
                {
                    // One that somebody else vacuums already is passed over.
                    await readers.ReadAsync(session =>
                    {
                        session.Run($"VACUUM (SKIP_LOCKED, TRUNCATE off) {table}");
                        return 0;
                    }).ConfigureAwait(false);
                }
            }
        }
        catch (Exception)
        {
            // It saves room, and nothing depends on it: the next runs that are purged ask again, and the server does it by itself.
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    /// <summary>About how many runs there are, as the server last counted them.</summary>
    private Task<long> KeptAsync() => readers.ReadAsync(session => Convert.ToInt64(
        session.Scalar("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'workflow_index'::regclass") ?? 0L, CultureInfo.InvariantCulture));
}
