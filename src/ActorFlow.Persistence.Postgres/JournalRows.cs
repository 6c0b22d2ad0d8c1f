using ActorFlow.Runtime.Persistence.Sql;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Persistence.Postgres;

/// <summary>Events to insert, of any actors.</summary>
internal sealed class JournalRows : IRowCollection
{
    private const string Insert =
        """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        SELECT r.created, false, r.persistence_id, r.sequence_number, r.message, r.manifest, r.identifier, r.writer_uuid
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::integer[], $7::text[])
          AS r (created, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        """;

    private const string InsertTags =
        """
        INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id)
        SELECT j.ordering, r.tag, j.sequence_number, j.persistence_id
        FROM unnest($1::text[], $2::bigint[], $3::text[]) AS r (persistence_id, sequence_number, tag)
        JOIN journal j ON j.persistence_id = r.persistence_id AND j.sequence_number = r.sequence_number
        """;

    private readonly List<JournalRow> _rows = [];

    public void AddTo(List<SqlStatement> statements)
    {
        statements.Add(new(
            Insert,
            Column(static row => row.Timestamp),
            Column(static row => row.PersistenceId),
            Column(static row => row.SequenceNumber),
            Column(static row => row.Message),
            Column(static row => row.Manifest),
            Column(static row => row.Identifier),
            Column(static row => row.WriterUuid)));
        if (_rows.Exists(static row => row.TagArray.Length > 0))
        {
            var tags = _rows.SelectMany(row => row.TagArray, (row, tag) => (row.PersistenceId, row.SequenceNumber, Tag: PostgresText.Clean(tag))).ToList();
            statements.Add(new(
                InsertTags,
                tags.ConvertAll(tag => tag.PersistenceId).ToArray(),
                tags.ConvertAll(tag => tag.SequenceNumber).ToArray(),
                tags.ConvertAll(tag => tag.Tag).ToArray()));
        }
    }

    public void Add(IEnumerable<JournalRow> rows) => _rows.AddRange(rows);

    private T[] Column<T>(Func<JournalRow, T> value)
    {
        var column = new T[_rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(_rows[i]);
        }

        return column;
    }
}
