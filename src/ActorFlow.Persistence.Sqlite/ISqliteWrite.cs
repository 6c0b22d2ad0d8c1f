namespace ActorFlow.Persistence.Sqlite;

/// <summary>One write of the <see cref="SqliteWriteQueue"/>: it is stored whole or not at all, also when its batch fails.</summary>
internal interface ISqliteWrite
{
    /// <summary>About how many rows it writes: batches are cut by rows.</summary>
    int Rows { get; }

    /// <summary>
    /// Whether it can be done without: it fails as soon as the disk is full, instead of being retried, so that it does not hold up what
    /// must be stored. The default is no.
    /// </summary>
    bool IsDispensable => false;

    /// <summary>Does the write, inside a transaction; may run again when that transaction failed.</summary>
    /// <param name="statements">The writer's statements.</param>
    void Apply(SqliteStatements statements);

    /// <summary>
    /// <see cref="Apply"/> hit a unique key: null if what is stored is this very write (its commit had succeeded, only
    /// the answer was lost), else the error to give to who asked.
    /// </summary>
    /// <param name="statements">The writer's statements.</param>
    /// <param name="conflict">What the database said.</param>
    Exception? ExplainConflict(SqliteStatements statements, Exception conflict) => conflict;
}
