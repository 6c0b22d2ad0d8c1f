using System.Data.Common;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>What a database says in words of its own where the others say the same in theirs.</summary>
internal abstract class SqlDialect
{
    /// <summary>The tables of lists: <c>w</c>, the index.</summary>
    public abstract string ByStart { get; }

    /// <summary>The tables where a parent is asked for.</summary>
    public abstract string ByParent { get; }

    /// <summary>The tables where text is asked for.</summary>
    public abstract string ByText { get; }

    /// <summary>The tables where a tag is asked for: <c>t</c>, the tags, and <c>w</c>.</summary>
    public abstract string ByTag { get; }

    /// <summary>The function that says where a text occurs in another.</summary>
    public abstract string Position { get; }

    /// <summary>How a tag's key or value is written in its table.</summary>
    /// <param name="parameter">The parameter that holds it.</param>
    public virtual string Word(string parameter) => parameter;

    /// <summary>A run's <c>run_id</c> as a parameter.</summary>
    public abstract object RunId(Guid runId);

    /// <summary>A tombstone's <c>key</c> as a parameter.</summary>
    public abstract object Key(Guid key);

    /// <summary>When a definition was created, as a parameter: the one time that is not ticks everywhere.</summary>
    public abstract object Created(DateTimeOffset time);

    /// <summary>When a definition was created, as it is stored.</summary>
    public abstract DateTimeOffset Created(DbDataReader row, int column);
}
