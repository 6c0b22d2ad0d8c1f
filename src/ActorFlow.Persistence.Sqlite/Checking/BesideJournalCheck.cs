using System.Security.Cryptography;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Persistence.Sqlite.Checking;

/// <summary>Decodes what stands beside the journal: definitions, payloads, snapshots and the index of the runs.</summary>
internal sealed class BesideJournalCheck(TableReading reading)
{
    private readonly HashSet<string> _definitions = new(StringComparer.Ordinal);

    public IReadOnlySet<string> ReadableDefinitions => _definitions;

    public long Definitions { get; private set; }

    public long Payloads { get; private set; }

    public long Snapshots { get; private set; }

    public void CheckDefinitions()
    {
        var all = reading.Keys("SELECT hash, name, version FROM definition", "definitions", row => (Hash: row.GetString(0), Name: $"{row.GetString(1)}@{row.GetInt32(2)}"));
        Definitions = all.Count;
        foreach (var (hash, name) in all)
        {
            reading.Try($"the definition {name}", () =>
            {
                var document = (byte[])reading.Statements.Scalar("SELECT document FROM definition WHERE hash = $1", hash)!;
                WorkflowPlan.Compile(DefinitionJson.Read(document));
                _definitions.Add(hash);
            });
        }
    }

    public void CheckPayloads()
    {
        if (!reading.Has("payload"))
        {
            return;
        }
        var all = reading.Keys("SELECT persistence_id, hash FROM payload", "payloads", row => (Id: row.GetString(0), Hash: row.GetString(1)));
        Payloads = all.Count;
        foreach (var (id, hash) in all)
        {
            reading.Try(id, $"the payload {hash}", () =>
            {
                var bytes = (byte[])reading.Statements.Scalar("SELECT bytes FROM payload WHERE persistence_id = $1 AND hash = $2", id, hash)!;
                if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != hash)
                {
                    throw new InvalidDataException("its bytes have another SHA-256.");
                }
            });
        }
    }

    public void CheckSnapshots()
    {
        var all = reading.Keys("SELECT persistence_id, sequence_number FROM snapshot", "snapshots", row => (Id: row.GetString(0), Sequence: row.GetInt64(1)));
        Snapshots = all.Count;
        foreach (var (id, sequence) in all)
        {
            reading.Try(id, $"the checkpoint after row {sequence}", () =>
            {
                using var row = reading.Statements.Query(
                    "SELECT snapshot, manifest FROM snapshot WHERE persistence_id = $1 AND sequence_number = $2", id, sequence);
                if (row.Read() && !row.IsDBNull(1) && row.GetString(1) == Manifests.WorkflowCheckpoint)
                {
                    using var payloads = SqlPayloads.Resolve(reading.Statements, id);
                    payloads.SequenceNumber = sequence;
                    StoredCheckpoint.Read(id, sequence, row.GetFieldValue<byte[]>(0));
                }
            });
        }
    }

    public void CheckIndex()
    {
        if (reading.Has("workflow_index"))
        {
            // Every column of every row: a page that cannot be read ends it.
            reading.Try("the index of the runs", () =>
            {
                using var row = reading.Statements.Query("SELECT * FROM workflow_index");
                var values = new object[row.FieldCount];
                while (row.Read())
                {
                    row.GetValues(values);
                }
            });
        }
    }
}
