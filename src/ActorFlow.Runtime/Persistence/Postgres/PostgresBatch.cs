namespace ActorFlow.Runtime.Persistence.Postgres;

/// <summary>
/// What is committed together. Rows of one kind are collected and written by one statement, however many writes they come from; a
/// statement of its own keeps its place between what came before and what comes after.
/// </summary>
internal sealed class PostgresBatch
{
    private readonly List<object> _parts = [];
    private readonly Dictionary<Type, IRowCollection> _open = [];

    /// <summary>The rows of a kind, to add to.</summary>
    public TRows Rows<TRows>() where TRows : class, IRowCollection, new()
    {
        if (_open.TryGetValue(typeof(TRows), out var open))
        {
            return (TRows)open;
        }

        var rows = new TRows();
        _open.Add(typeof(TRows), rows);
        _parts.Add(rows);
        return rows;
    }

    /// <summary>Adds a statement of its own.</summary>
    public void Add(PostgresStatement statement)
    {
        _open.Clear();
        _parts.Add(statement);
    }

    /// <summary>Does it all, in one transaction.</summary>
    /// <exception cref="Npgsql.NpgsqlException">Nothing of it was done, or nobody knows.</exception>
    public void Execute(PostgresSession session)
    {
        foreach (var rows in _parts.OfType<IRowCollection>())
        {
            rows.Prepare(session);
        }

        var statements = _parts.SelectMany(part => part is IRowCollection rows ? rows.Statements : [(PostgresStatement)part]).ToList();
        if (statements.Count > 0)
        {
            session.Execute(statements);
        }
    }
}

/// <summary>Rows of one kind that are written together.</summary>
internal interface IRowCollection
{
    /// <summary>The statements that write them.</summary>
    IEnumerable<PostgresStatement> Statements { get; }

    /// <summary>Asked before the transaction.</summary>
    void Prepare(PostgresSession session)
    {
    }
}
