using System.Data.Common;
using System.Globalization;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The words of SQLite.</summary>
/// <remarks>
/// The planner takes the indexes by start for equals, so it is told which; and tags in the order written, since it knows nothing of
/// how rare they are.
/// </remarks>
internal sealed class SqliteDialect : SqlDialect
{
    public override string ByStart => "workflow_index w INDEXED BY workflow_index_started";

    public override string ByParent => "workflow_index w INDEXED BY workflow_index_parent";

    public override string ByText => "workflow_index w INDEXED BY workflow_index_text";

    public override string ByTag => "workflow_tag t CROSS JOIN workflow_index w ON w.id = t.id";

    public override string Position => "instr";

    public override object RunId(Guid runId) => runId.ToString("n");

    public override object Key(Guid key) => key.ToBytes();

    public override object Created(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    public override DateTimeOffset Created(DbDataReader row, int column) =>
        DateTimeOffset.Parse(row.GetString(column), CultureInfo.InvariantCulture);
}
