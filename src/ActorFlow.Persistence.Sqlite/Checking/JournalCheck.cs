using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Persistence.Sqlite.Checking;

/// <summary>Decodes every row of the journal.</summary>
/// <param name="reading">Reads.</param>
/// <param name="definitions">The hashes of the definitions that can be read.</param>
internal sealed class JournalCheck(TableReading reading, IReadOnlySet<string> definitions)
{
    // The index alone holds both: a damaged row does not hide those behind it.
    private const string Keys = "SELECT persistence_id, sequence_number FROM journal INDEXED BY journal_uq ORDER BY persistence_id, sequence_number";

    private const string Row = "SELECT message, manifest, deleted FROM journal WHERE persistence_id = $1 AND sequence_number = $2";

    public long Runs { get; private set; }

    public long Rows { get; private set; }

    public long Events { get; private set; }

    public void Run()
    {
        var keys = reading.Keys(Keys, "the journal's rows", row => (Id: row.GetString(0), Sequence: row.GetInt64(1)));
        var last = (Id: "", Sequence: 0L);
        foreach (var key in keys)
        {
            var isNew = key.Id != last.Id;
            var isRun = Findings.IsRun(key.Id);
            Runs += isNew && isRun ? 1 : 0;
            Rows++;
            if (isRun && !isNew && key.Sequence != last.Sequence + 1)
            {
                reading.Findings.Add(key.Id, $"between the rows {last.Sequence} and {key.Sequence} some are missing");
            }
            reading.Try(key.Id, $"the row {key.Sequence}", () => Read(key.Id, key.Sequence, isNew));
            last = key;
        }
    }

    private void Read(string id, long sequence, bool isFirst)
    {
        using var row = reading.Statements.Query(Row, id, sequence);
        if (!row.Read())
        {
            throw new InvalidDataException("the index knows it, the table does not.");
        }
        var isDeleted = row.GetInt64(2) != 0;
        if (Findings.IsRun(id) && isFirst && sequence != 1 && !isDeleted)
        {
            reading.Findings.Add(id, $"the rows before {sequence} are missing");
        }
        var bytes = row.GetFieldValue<byte[]>(0);
        if (!isDeleted && !row.IsDBNull(1) && row.GetString(1) == Manifests.CommitBatch)
        {
            Decode(id, sequence, bytes);
        }
    }

    private void Decode(string id, long sequence, byte[] bytes)
    {
        using var payloads = SqlPayloads.Resolve(reading.Statements, id);
        payloads.SequenceNumber = sequence;
        foreach (var commit in JournalFormat.Read(bytes).Commits)
        {
            Events += commit.Events.Length;
            foreach (var started in commit.Events.OfType<WorkflowEvent.Started>())
            {
                if (!definitions.Contains(started.Definition.Hash))
                {
                    reading.Findings.Add(id, $"its definition {started.Definition.Name}@{started.Definition.Version} is not stored, or cannot be read");
                }
            }
        }
    }
}
