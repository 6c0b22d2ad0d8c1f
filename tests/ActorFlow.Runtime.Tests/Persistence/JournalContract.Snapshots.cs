using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public abstract partial class JournalContract
{
    [Fact]
    public async Task Snapshots_are_offered_and_only_later_events_replayed()
    {
        var ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4"));
        await Restart();

        var told = await Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());

        Assert.Equal(["e1", "e2", "e3", "e4"], told.Entries);
        Assert.Equal(3, told.SnapshotAt);
    }

    [Fact]
    public async Task Snapshots_are_selected_and_deleted_by_number()
    {
        var ledger = _node.Ledger("a");
        for (var i = 1; i <= 3; i++)
        {
            await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter($"e{i}"));
            await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        }
        var probe = _node.Probe();

        Assert.Equal(2, Load(new SnapshotSelectionCriteria(2)));
        _node.Snapshots.Tell(new DeleteSnapshot(new SnapshotMetadata("a", 3, DateTime.MinValue)), probe);
        probe.ExpectMsg<DeleteSnapshotSuccess>();
        Assert.Equal(2, Load(SnapshotSelectionCriteria.Latest));
        _node.Snapshots.Tell(new DeleteSnapshots("a", new SnapshotSelectionCriteria(2)), probe);
        probe.ExpectMsg<DeleteSnapshotsSuccess>();
        Assert.Null(Load(SnapshotSelectionCriteria.Latest));

        long? Load(SnapshotSelectionCriteria criteria)
        {
            _node.Snapshots.Tell(new LoadSnapshot("a", criteria, long.MaxValue), probe);
            return probe.ExpectMsg<LoadSnapshotResult>().Snapshot?.Metadata.SequenceNr;
        }
    }
}
