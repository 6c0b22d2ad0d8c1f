using ActorFlow.Runtime.Tests.Persistence.Databases;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public abstract partial class JournalContract
{
    [StoreFact]
    public async Task Snapshots_are_offered_and_only_later_events_replayed()
    {
        var ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4"));
        await Restart();

        var told = await Ledger.Ask<Ledger.Told>(Node.Ledger("a"), new Ledger.Tell());

        Assert.Equal(["e1", "e2", "e3", "e4"], told.Entries);
        Assert.Equal(3, told.SnapshotAt);
    }

    [StoreFact]
    public async Task Snapshots_are_selected_and_deleted_by_number()
    {
        var ledger = Node.Ledger("a");
        for (var i = 1; i <= 3; i++)
        {
            await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter($"e{i}"));
            await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        }
        var probe = Node.Probe();

        Assert.Equal(2, Load(new SnapshotSelectionCriteria(2)));
        Node.Snapshots.Tell(new DeleteSnapshot(new SnapshotMetadata("a", 3, DateTime.MinValue)), probe);
        probe.ExpectMsg<DeleteSnapshotSuccess>();
        Assert.Equal(2, Load(SnapshotSelectionCriteria.Latest));
        Node.Snapshots.Tell(new DeleteSnapshots("a", new SnapshotSelectionCriteria(2)), probe);
        probe.ExpectMsg<DeleteSnapshotsSuccess>();
        Assert.Null(Load(SnapshotSelectionCriteria.Latest));

        long? Load(SnapshotSelectionCriteria criteria)
        {
            Node.Snapshots.Tell(new LoadSnapshot("a", criteria, long.MaxValue), probe);
            return probe.ExpectMsg<LoadSnapshotResult>().Snapshot?.Metadata.SequenceNr;
        }
    }
}
