using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sqlite;
using Akka.Actor;
using Akka.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What actors rely on, whichever journal the node is set to.</summary>
public abstract class JournalContract(JournalKind kind) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryDirectory _directory = new();
    private PersistentNode _node = null!;

    public async Task InitializeAsync() => _node = await Start();

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Events_come_back_in_the_order_they_were_persisted()
    {
        var ledger = _node.Ledger("a");
        await Task.WhenAll(Enumerable.Range(1, 300).Select(i => Ask<Ledger.Entered>(ledger, new Ledger.Enter($"e{i}"))));
        await Restart();

        var told = await Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());

        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"e{i}"), told.Entries);
        Assert.Equal(300, told.SequenceNr);
    }

    [Fact]
    public async Task Snapshots_are_offered_and_only_later_events_replayed()
    {
        var ledger = _node.Ledger("a");
        await Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
        await Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        await Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4"));
        await Restart();

        var told = await Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());

        Assert.Equal(["e1", "e2", "e3", "e4"], told.Entries);
        Assert.Equal(3, told.SnapshotAt);
    }

    private static Task<T> Ask<T>(IActorRef actor, object message) => actor.Ask<T>(message, Patience);

    private Task<PersistentNode> Start() => PersistentNode.Start(PersistenceStore.Open(Options()));

    private PersistenceOptions Options() => new() { DataDirectory = _directory.Path, Journal = kind };

    private async Task Restart()
    {
        await _node.Stop();
        _node = await Start();
    }
}
