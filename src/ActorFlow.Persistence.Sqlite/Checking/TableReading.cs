using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite.Checking;

/// <summary>Reads rows of a database that may be damaged: what cannot be read is a finding, and the reading goes on after it.</summary>
internal sealed class TableReading(SqliteStatements statements, Findings findings, CancellationToken cancellationToken)
{
    public SqliteStatements Statements => statements;

    public Findings Findings => findings;

    /// <summary>Whether the schema has the table: one of before has not.</summary>
    public bool Has(string table) =>
        statements.Scalar("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", table) is not null;

    /// <summary>Collects the keys of a table; those after a damaged page are missing, which is a finding.</summary>
    public List<T> Keys<T>(string sql, string what, Func<SqliteDataReader, T> read)
    {
        var keys = new List<T>();
        try
        {
            using var row = statements.Query(sql);
            while (row.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                keys.Add(read(row));
            }
        }
        catch (SqliteException error)
        {
            findings.Add($"the list of {what} ends after {keys.Count}: {error.Message}");
        }
        return keys;
    }

    /// <summary>Reads one thing of a run, whatever is wrong with it.</summary>
    /// <param name="persistenceId">Whose it is.</param>
    /// <param name="what">What it is, for the finding.</param>
    /// <param name="read">Reads it; throws whatever it likes.</param>
    public void Try(string persistenceId, string what, Action read)
    {
        if (Tried(read) is { } problem)
        {
            findings.Add(persistenceId, $"{what} cannot be read: {problem}");
        }
    }

    /// <summary>Reads one thing that belongs to no run.</summary>
    public void Try(string what, Action read)
    {
        if (Tried(read) is { } problem)
        {
            findings.Add($"{what} cannot be read: {problem}");
        }
    }

    private string? Tried(Action read)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            read();
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.Message;
        }
    }
}
