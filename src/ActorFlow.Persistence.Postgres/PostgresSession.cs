using System.Data;
using System.Data.Common;
using ActorFlow.Runtime.Persistence.Sql;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>One connection; Npgsql keeps the statements that it prepared. Not safe for several threads.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, TimeSpan timeout) : ISqlSession, IDisposable
{
    private readonly KeptBatches _batches = new();

    /// <summary>Whether there is no use in it any more.</summary>
    public bool IsBroken => connection.FullState != ConnectionState.Open;

    /// <summary>Runs a query; the caller disposes the reader before the next use of the session.</summary>
    /// <param name="sql">One of few texts: each is prepared.</param>
    /// <param name="values">The parameters; their types are PostgreSQL's by their own types, so none is null.</param>
    /// <exception cref="NpgsqlException">The server refuses it, or the connection is lost.</exception>
    public NpgsqlDataReader Query(string sql, params ReadOnlySpan<object> values)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Seconds };
        Bind(command.Parameters, values);
        return command.ExecuteReader();
    }

    DbDataReader ISqlSession.Query(string sql, params ReadOnlySpan<object> values) => Query(sql, values);

    /// <summary>The first value of the first row; null: there is no row or it is NULL.</summary>
    /// <inheritdoc cref="Query"/>
    public object? Scalar(string sql, params ReadOnlySpan<object> values)
    {
        using var row = Query(sql, values);
        return row.Read() && !row.IsDBNull(0) ? row.GetValue(0) : null;
    }

    /// <summary>Runs statements in one round trip and one transaction: they are done whole or not at all.</summary>
    /// <exception cref="NpgsqlException">The server refuses one of them, or the connection is lost.</exception>
    public void Execute(IReadOnlyList<SqlStatement> statements)
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

    private static void Read(SqlStatement statement, NpgsqlDataReader reader)
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

    private static void Bind(NpgsqlParameterCollection parameters, ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = PostgresText.Clean(value) });
        }
    }
}
