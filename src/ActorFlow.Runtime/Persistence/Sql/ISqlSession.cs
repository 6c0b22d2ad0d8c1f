using System.Data.Common;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>
/// One connection of a database. Statements are prepared at their first use and kept, by their text; parameters are written <c>$1</c>,
/// <c>$2</c>, … and given in that order, none of them null. Not safe for several threads.
/// </summary>
internal interface ISqlSession
{
    /// <summary>Runs a query; the caller disposes the reader before the next use of the same statement.</summary>
    /// <param name="sql">One of few texts: each is prepared.</param>
    /// <param name="values">The parameters.</param>
    /// <exception cref="DbException">The database refuses it or cannot be reached.</exception>
    DbDataReader Query(string sql, params ReadOnlySpan<object> values);

    /// <summary>The first value of the first row; null: there is no row or it is NULL.</summary>
    /// <inheritdoc cref="Query"/>
    object? Scalar(string sql, params ReadOnlySpan<object> values);
}

/// <summary>The way to read from a database. Safe for all threads.</summary>
internal interface ISqlReaders
{
    /// <summary>Reads what is committed now, not on the caller's thread.</summary>
    /// <param name="read">Reads, and keeps nothing of the session; may be asked again when the database fails.</param>
    /// <exception cref="DbException">The database refuses it or cannot be reached.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    Task<T> ReadAsync<T>(Func<ISqlSession, T> read);
}

/// <summary>The way to write to a database. Safe for all threads.</summary>
internal interface ISqlWrites
{
    /// <summary>Queues statements that may be done twice, in one transaction. The task completes when it is durable.</summary>
    /// <param name="key">What is written under one key is done in the order asked.</param>
    /// <param name="rows">About how many rows they write: batches are cut by rows.</param>
    /// <param name="withdraw">Withdraws them as long as they are queued.</param>
    /// <param name="statements">The statements.</param>
    /// <exception cref="StoreWriteException">The database failed for longer than the retry window, or the store is closed.</exception>
    /// <exception cref="OperationCanceledException">They were withdrawn, and nothing is stored.</exception>
    Task WriteAsync(string key, int rows, CancellationToken withdraw, params SqlStatement[] statements);
}

/// <summary>A statement that writes.</summary>
/// <param name="Sql">One of few texts: each is prepared.</param>
/// <param name="Values">The parameters, none of them null: of one text always as many, of the same types.</param>
internal sealed record SqlStatement(string Sql, params object[] Values)
{
    /// <summary>Given each row that the statement returns, before its transaction is known to be committed; null means that it returns none.</summary>
    public Action<DbDataReader>? Read { get; init; }
}

/// <summary>A database, as what is the same in all of them reads and writes it.</summary>
internal sealed record SqlAccess(ISqlReaders Readers, ISqlWrites Writes, SqlDialect Dialect);
