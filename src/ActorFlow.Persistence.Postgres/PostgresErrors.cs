using System.Net.Sockets;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>What an error of PostgreSQL, or of the way to it, means.</summary>
internal static class PostgresErrors
{
    /// <summary>The state of the server, not of the data: the same statement may succeed later.</summary>
    public static bool IsTransient(Exception error) => Find(error) is { } found
        && (found is not PostgresException { SqlState: var state }
            // Connection, transaction rollback (deadlocks), resources (a full disk), operator intervention, system.
            || state[..2] is "08" or "40" or "53" or "57" or "58"
            || state is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InternalError);

    /// <summary>
    /// The statement was sent, and nobody knows whether it was committed. An error that the server reports within the session is
    /// certain: the transaction was rolled back. A session that ends is not, whatever its last word.
    /// </summary>
    public static bool LeavesUnknown(Exception error) => error is not PostgresException { Severity: "ERROR" };

    public static bool IsFull(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    public static bool IsUniqueKey(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>The error in a user's words, without the full stop.</summary>
    public static string Describe(Exception error) => Find(error) switch
    {
        PostgresException server => Describe(server),
        { InnerException: TimeoutException } => "the server does not answer",
        { InnerException: SocketException socket } => Text(socket.Message),
        { InnerException: IOException } => "the connection was lost",
        { } other => Text(other.Message),
        null => Text(error.Message),
    };

    private static string Describe(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.DiskFull => "the disk of the server is full",
        PostgresErrorCodes.TooManyConnections => "the server has no connection left",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => "the server ended the connection",
        PostgresErrorCodes.CannotConnectNow => "the server is starting or stopping",
        PostgresErrorCodes.ReadOnlySqlTransaction => "the server takes no writes",
        PostgresErrorCodes.LockNotAvailable => "another session holds a lock",
        PostgresErrorCodes.QueryCanceled => "the server does not answer in time",
        _ => Text(error.MessageText),
    };

    /// <summary>Also where it was wrapped, by a serializer that met it while it read.</summary>
    private static NpgsqlException? Find(Exception? error)
    {
        while (error is not (null or NpgsqlException))
        {
            error = error.InnerException;
        }

        return (NpgsqlException?)error;
    }

    private static string Text(string message) => message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
