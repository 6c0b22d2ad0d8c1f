using ActorFlow.Runtime.Persistence;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

public abstract partial class JournalContract
{
    [Fact]
    public async Task What_it_writes_the_other_journal_reads_and_goes_on_with()
    {
        var ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", new Tagged("e2", ["red", "blue"])));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        await _node.Stop();
        var other = kind == JournalKind.Stock ? JournalKind.ActorFlow : JournalKind.Stock;

        _node = await Start(options => options.Journal = other);
        ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4", new Tagged("e5", ["blue"])));
        await _node.Stop();
        _node = await Start();

        var told = await Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());
        Assert.Equal(["e1", "e2", "e3", "e4", "e5"], told.Entries);
        Assert.Equal(2, told.SnapshotAt);
        Assert.Equal(
            ["1 0 \"e1\" '' 1 32", "2 0 \"e2\" '' 1 32", "3 0 \"e3\" '' 1 32", "4 0 \"e4\" '' 1 32", "5 0 \"e5\" '' 1 32"],
            Rows("SELECT sequence_number || ' ' || deleted || ' ' || CAST(message AS TEXT) || ' ' || quote(manifest) || ' ' || identifier"
                + " || ' ' || length(writer_uuid) FROM journal ORDER BY ordering"));
        Assert.Equal(
            ["2 2 blue a", "2 2 red a", "5 5 blue a"],
            Rows("SELECT ordering_id || ' ' || sequence_nr || ' ' || tag || ' ' || persistence_id FROM tags ORDER BY 1"));
    }

    private static WriteMessages Batch(string id, int from, int to, IActorRef actor) => new(
        Enumerable.Range(from, to - from + 1).Select(n => new AtomicWrite(new Persistent($"{id}/{n}", n, id, sender: actor))).ToArray(),
        actor,
        actorInstanceId: 1);

    private (List<IPersistentRepresentation> Events, long Highest) Replay(string id, long from, long to, long max)
    {
        var probe = _node.Probe();
        var events = new List<IPersistentRepresentation>();
        _node.Journal.Tell(new ReplayMessages(from, to, max, id, probe));
        while (true)
        {
            switch (probe.ExpectMsg<object>())
            {
                case ReplayedMessage replayed:
                    events.Add(replayed.Persistent);
                    break;
                case RecoverySuccess success:
                    return (events, success.HighestSequenceNr);
                case var other:
                    throw new InvalidOperationException($"The journal answered {other}.");
            }
        }
    }

    private IEnumerable<long> Numbers(string id) =>
        Rows($"SELECT sequence_number FROM journal WHERE persistence_id = '{id}' ORDER BY ordering").Select(long.Parse).Order();

    private List<string> Rows(string sql)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var list = new List<string>();
        while (rows.Read())
        {
            list.Add(rows.GetValue(0).ToString()!);
        }
        return list;
    }

    private void Write(string sql)
    {
        using var connection = Connect();
        Run(connection, sql);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("actorflow.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private Task<PersistentNode> Start(Action<PersistenceOptions>? change = null)
    {
        var options = new PersistenceOptions { DataDirectory = _directory.Path, Journal = kind };
        change?.Invoke(options);
        return PersistentNode.Start(_disk.Open(options));
    }

    private async Task Restart()
    {
        await _node.Stop();
        _node = await Start();
    }
}
