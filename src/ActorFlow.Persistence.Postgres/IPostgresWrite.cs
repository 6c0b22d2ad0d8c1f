using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>One write: it is stored whole or not at all, also when its batch fails.</summary>
internal interface IPostgresWrite
{
    /// <summary>About how many rows it writes, large ones counted for several: batches are cut by rows.</summary>
    int Rows { get; }

    /// <summary>Whether it fails as soon as the disk is full, instead of being retried. The default is no.</summary>
    bool IsDispensable => false;

    /// <summary>Says what there is to do; may be asked again when its transaction failed.</summary>
    void AddTo(PostgresBatch batch);

    /// <summary>
    /// Whether it is stored, after a commit whose answer was lost; what says no is written again, and must do no harm by it. The
    /// default is no.
    /// </summary>
    bool IsStored(PostgresSession session) => false;

    /// <summary>It alone hit a unique key: null if what is stored is this very write, else the error to give to who asked.</summary>
    Exception? ExplainConflict(PostgresSession session, Exception conflict) => conflict;
}

/// <summary>A write given as statements, which may be done twice.</summary>
internal sealed class StatementsWrite(int rows, params SqlStatement[] statements) : IPostgresWrite
{
    public int Rows => rows;

    public void AddTo(PostgresBatch batch)
    {
        foreach (var statement in statements)
        {
            batch.Add(statement);
        }
    }
}
