using System.Data.Common;
using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>The words of PostgreSQL.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    private const string Index = "workflow_index w";

    public override string ByStart => Index;

    public override string ByParent => Index;

    public override string ByText => Index;

    public override string ByTag => "workflow_tag t JOIN workflow_index w ON w.id = t.id";

    public override string Position => "strpos";

    public override string Word(string parameter) => $"workflow_tag_word({parameter})";

    public override object RunId(Guid runId) => runId;

    public override object Key(Guid key) => key;

    public override object Created(DateTimeOffset time) => time.UtcTicks;

    public override DateTimeOffset Created(DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
