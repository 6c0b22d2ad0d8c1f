using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// What is committed together. Rows of one kind are collected and written by one statement, however many writes they come from; a
/// statement of its own keeps its place between what came before and what comes after.
/// </summary>
internal sealed class PostgresBatch
{
    private readonly List<object> _parts = [];

    // From here on rows may still be added to.
    private int _open;

    /// <summary>The rows of a kind, to add to.</summary>
    public TRows Rows<TRows>() where TRows : class, IRowCollection, new()
    {
        for (var i = _open; i < _parts.Count; i++)
        {
            if (_parts[i] is TRows open)
            {
                return open;
            }
        }

        var rows = new TRows();
        _parts.Add(rows);
        return rows;
    }

    /// <summary>Adds a statement of its own.</summary>
    public void Add(SqlStatement statement)
    {
        _parts.Add(statement);
        _open = _parts.Count;
    }

    /// <summary>Does it all, in one transaction.</summary>
    /// <exception cref="Npgsql.NpgsqlException">Nothing of it was done, or nobody knows.</exception>
    public void Execute(PostgresSession session)
    {
        var statements = new List<SqlStatement>(_parts.Count);
        foreach (var part in _parts)
        {
            if (part is IRowCollection rows)
            {
                rows.Prepare(session);
                rows.AddTo(statements);
            }
            else
            {
                statements.Add((SqlStatement)part);
            }
        }

        if (statements.Count > 0)
        {
            session.Execute(statements);
        }
    }
}

/// <summary>Rows of one kind that are written together.</summary>
internal interface IRowCollection
{
    /// <summary>Adds the statements that write them.</summary>
    void AddTo(List<SqlStatement> statements);

    /// <summary>Asked before the transaction.</summary>
    void Prepare(PostgresSession session)
    {
    }
}
