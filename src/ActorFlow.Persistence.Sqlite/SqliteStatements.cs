using System.Data.Common;
using System.Globalization;
using ActorFlow.Runtime.Persistence.Sql;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>
/// The statements of one connection, each prepared at its first use and kept. Parameters are written <c>$1</c>,
/// <c>$2</c>, … and given in that order. Not safe for several threads: a connection has one user at a time.
/// </summary>
internal sealed class SqliteStatements : ISqlSession, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    internal SqliteStatements(SqliteConnection connection) => _connection = connection;

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <param name="sql">A constant text: it is the key of the prepared statement.</param>
    /// <param name="values">The parameters; null is NULL.</param>
    /// <exception cref="SqliteException">The database refuses it.</exception>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query; the caller disposes the reader before the next use of the same statement.</summary>
    /// <param name="sql">A constant text: it is the key of the prepared statement.</param>
    /// <param name="values">The parameters; null is NULL.</param>
    /// <exception cref="SqliteException">The database refuses it.</exception>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteReader();

    /// <summary>The first value of the first row; null: there is no row or it is NULL.</summary>
    /// <param name="sql">A constant text: it is the key of the prepared statement.</param>
    /// <param name="values">The parameters; null is NULL.</param>
    /// <exception cref="SqliteException">The database refuses it.</exception>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) =>
        Bind(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    DbDataReader ISqlSession.Query(string sql, params ReadOnlySpan<object> values) => Query(sql, values!);

    object? ISqlSession.Scalar(string sql, params ReadOnlySpan<object> values) => Scalar(sql, values!);

    /// <summary>Runs a statement, and gives its rows to who asked for them.</summary>
    internal void Execute(SqlStatement statement)
    {
        if (statement.Read is null)
        {
            Execute(statement.Sql, statement.Values);
            return;
        }

        using var row = Query(statement.Sql, statement.Values);
        while (row.Read())
        {
            statement.Read(row);
        }
    }

    /// <summary>Closes the statements and their connection.</summary>
    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }
        _commands.Clear();
        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this assembly; values go through parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
            }
            _commands.Add(sql, command);
        }
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
        return command;
    }
}
