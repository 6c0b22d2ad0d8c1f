using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport.Persistence;
using Akka.Actor;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class FreshIdsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FreshIds _fresh;

    public FreshIdsTests() => _fresh = new FreshIds(_time);

    [Fact]
    public void Failure_rule_3_a_mark_is_taken_once_and_tells_its_command()
    {
        Assert.True(_fresh.Mark("wf-1", "start-1"));
        Assert.True(_fresh.IsMarked("wf-1"));
        Assert.Null(_fresh.TakeRecovery("wf-1"));

        Assert.True(_fresh.TryTake("wf-1"));
        Assert.False(_fresh.TryTake("wf-1"));

        Assert.False(_fresh.IsMarked("wf-1"));
        Assert.Equal("start-1", _fresh.TakeRecovery("wf-1"));
        Assert.Null(_fresh.TakeRecovery("wf-1"));
    }

    [Fact]
    public void Failure_rule_3_an_id_is_marked_once_per_process()
    {
        _fresh.Mark("wf-1", "start-1");
        Assert.False(_fresh.Mark("wf-1", "start-2"));
        _fresh.TryTake("wf-1");

        Assert.False(_fresh.Mark("wf-1", "start-3"));
        Assert.False(_fresh.TryTake("wf-1"));
    }

    [Fact]
    public void Failure_rule_3_a_mark_lives_five_seconds()
    {
        _fresh.Mark("wf-1", "start-1");
        _fresh.Mark("wf-2", "start-2");

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_fresh.TryTake("wf-1"));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(_fresh.TryTake("wf-2"));
        Assert.False(_fresh.IsMarked("wf-2"));
    }

    [Fact]
    public void The_set_is_bounded_and_forgets_the_oldest()
    {
        for (var i = 0; i <= FreshIds.Capacity; i++)
        {
            Assert.True(_fresh.Mark($"wf-{i}", "start"));
        }

        Assert.False(_fresh.IsMarked("wf-0"));
        Assert.True(_fresh.IsMarked("wf-1"));
    }

    [Fact]
    public async Task Failure_rule_3_a_stale_mark_hides_the_run_once_is_told_and_cannot_write_over_it()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await PersistentNode.Start(
            SqlitePersistence.Open(new PersistenceOptions { DataDirectory = directory.Path }, _time));
        await Ledger.Ask<Ledger.Entered>(node.Ledger("a"), new Ledger.Enter("e1"));
        node.Store.FreshIds.Mark("a", "start-1");
        var failures = node.Probe();

        var deceived = node.Ledger("a", failures);
        Assert.Empty((await Ledger.Ask<Ledger.Told>(deceived, new Ledger.Tell())).Entries);
        Assert.Equal("start-1", node.Store.FreshIds.TakeRecovery("a"));
        deceived.Tell(new Ledger.Enter("over it"));

        Assert.IsType<FencedWriteException>(failures.ExpectMsg<Ledger.Failed>().Cause);
        Assert.Equal(["e1"], (await Ledger.Ask<Ledger.Told>(node.Ledger("a"), new Ledger.Tell())).Entries);
        Assert.Null(node.Store.FreshIds.TakeRecovery("a"));
    }

    [Fact]
    public async Task A_fresh_id_starts_and_writes_as_any_other()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await PersistentNode.Start(new DiskFaults().Open(new PersistenceOptions { DataDirectory = directory.Path }));
        node.Store.FreshIds.Mark("a", "start-1");

        var entered = await Ledger.Ask<Ledger.Entered>(node.Ledger("a"), new Ledger.Enter("e1", "e2"));

        Assert.Equal(2, entered.SequenceNr);
        Assert.Equal(["e1", "e2"], (await Ledger.Ask<Ledger.Told>(node.Ledger("a"), new Ledger.Tell())).Entries);
    }
}
