using System.Data;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// One connection. Statements are prepared at their first use and kept, by their text; parameters are written <c>$1</c>, <c>$2</c>, …
/// and given in that order. Not safe for several threads.
/// </summary>
internal sealed class PostgresSession(NpgsqlConnection connection, TimeSpan timeout) : IDisposable
{
    private readonly KeptBatches _batches = new();

    /// <summary>Whether there is no use in it any more.</summary>
    public bool IsBroken => connection.FullState != ConnectionState.Open;

    /// <summary>Runs a query; the caller disposes the reader before the next use of the session.</summary>
    /// <param name="sql">One of few texts: each is prepared.</param>
    /// <param name="values">The parameters; their types are PostgreSQL's by their own types, so none is null.</param>
    /// <exception cref="NpgsqlException">The server refuses it, or the connection is lost.</exception>
    public NpgsqlDataReader Query(string sql, params object[] values)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Seconds };
        Bind(command.Parameters, values);
        return command.ExecuteReader();
    }

    /// <summary>The first value of the first row; null: there is no row or it is NULL.</summary>
    /// <inheritdoc cref="Query"/>
    public object? Scalar(string sql, params object[] values)
    {
        using var row = Query(sql, values);
        return row.Read() && !row.IsDBNull(0) ? row.GetValue(0) : null;
    }

    /// <summary>Runs statements in one round trip and one transaction: they are done whole or not at all.</summary>
    /// <exception cref="NpgsqlException">The server refuses one of them, or the connection is lost.</exception>
    public void Execute(IReadOnlyList<PostgresStatement> statements)
    {
        var batch = _batches.Fill(connection, statements);
        batch.Timeout = Seconds;
        using (var reader = batch.ExecuteReader())
        {
            foreach (var statement in statements)
            {
                Read(statement, reader);
            }

            // Only the end of the last result tells that the transaction was committed.
            while (reader.NextResult())
            {
            }
        }

        _batches.Return(batch);
    }

    private static void Read(PostgresStatement statement, NpgsqlDataReader reader)
    {
        if (statement.Read is { } read)
        {
            while (reader.Read())
            {
                read(reader);
            }

            reader.NextResult();
        }
    }

    /// <summary>Runs texts that are used once: nothing is prepared.</summary>
    /// <exception cref="NpgsqlException">The server refuses it, or the connection is lost.</exception>
    public void Run(string sql)
    {
#pragma warning disable CA2100 // The texts are constants of this assembly.
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Seconds };
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Runs what <paramref name="change"/> does in one transaction; what throws leaves nothing behind.</summary>
    public void Transact(Action change)
    {
        using var transaction = connection.BeginTransaction();
        change();
        transaction.Commit();
    }

    public void Dispose() => connection.Dispose();

    private int Seconds => (int)timeout.TotalSeconds;

    private static void Bind(NpgsqlParameterCollection parameters, object[] values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = PostgresText.Clean(value) });
        }
    }
}

/// <summary>A statement of a batch.</summary>
/// <param name="Sql">One of few texts: each is prepared.</param>
/// <param name="Values">The parameters, none of them null: of one text always as many, of the same types. Texts inside arrays are clean.</param>
internal sealed record PostgresStatement(string Sql, params object[] Values)
{
    /// <summary>Given each row that the statement returns, before its transaction is known to be committed; none: it returns none.</summary>
    public Action<NpgsqlDataReader>? Read { get; init; }
}
