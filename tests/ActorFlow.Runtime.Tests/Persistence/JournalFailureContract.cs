using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What ActorFlow's own writers do when another incarnation, a lost answer or their caller gets in the way.</summary>
public abstract class JournalFailureContract(ITestDatabase database) : IAsyncLifetime
{
    private protected PersistentNode Node { get; set; } = null!;

    /// <summary>What differs from the defaults at the next <see cref="Reopen"/>.</summary>
    private protected PersistenceOptions Options { get; } = new();

    public async Task InitializeAsync()
    {
        await database.ClearAsync();
        Node = await PersistentNode.Start(database.Open());
    }

    public async Task DisposeAsync()
    {
        database.Resume();
        await Node.DisposeAsync();
        await database.DisposeAsync();
    }

    [StoreFact]
    public async Task Failure_rule_1_an_event_that_cannot_be_serialized_fails_the_write_and_is_never_rejected()
    {
        var outcome = Node.Probe();
        var ledger = Node.Ledger("a", outcome);
        outcome.Watch(ledger);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));

        ledger.Tell(new Ledger.Enter("e2", new Unspeakable()));

        outcome.ExpectMsg<Ledger.Failed>();
        outcome.ExpectTerminated(ledger);
        Assert.Equal(1, Count("a"));
    }

    [StoreFact]
    public async Task Failure_rule_16_a_fenced_write_is_told_apart_and_not_retried()
    {
        var outcome = Node.Probe();
        var (first, second) = await TwoIncarnations("a", outcome);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("first"));

        second.Tell(new Ledger.Enter("second"));

        var fence = Assert.IsType<FencedWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
        Assert.StartsWith("a: another incarnation has written sequence number 1", fence.Message);
        Assert.Null(Node.Store.WriteFailure);
    }

    [StoreFact]
    public async Task A_fenced_write_does_not_harm_the_others_of_its_batch()
    {
        var outcome = Node.Probe();
        var (first, second) = await TwoIncarnations("a", outcome);
        var others = Enumerable.Range(0, 30).Select(i => Node.Ledger($"id{i}")).ToArray();
        await Task.WhenAll(others.Select(other => Ledger.Ask<Ledger.Told>(other, new Ledger.Tell())));
        database.Stall();
        var blocker = Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("first"));
        await Until.True(() => database.IsStalling);
        var before = database.Commits;
        second.Tell(new Ledger.Enter("second", "second"));
        var entered = others.Select(other => Ledger.Ask<Ledger.Entered>(other, new Ledger.Enter("e1", "e2"))).ToArray();

        database.Resume();

        await blocker;
        await Task.WhenAll(entered);
        Assert.IsType<FencedWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
        Assert.InRange(database.Commits - before, 1, 29);
        Assert.Equal(1, Count("a"));
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(2, Count($"id{i}")));
    }

    [StoreFact]
    public async Task Failure_rule_17_a_commit_whose_answer_was_lost_is_a_success_and_stored_once()
    {
        var ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        database.LoseNextAcknowledgement();

        var entered = await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e2", "e3"));

        Assert.Equal(3, entered.SequenceNr);
        Assert.Equal(3, Count("a"));
        Assert.Equal(4, (await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4"))).SequenceNr);
    }

    [StoreFact]
    public async Task Failure_rule_17_the_same_payload_of_another_writer_is_a_fence()
    {
        var outcome = Node.Probe();
        var ledger = Node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("same"));
        database.Rows("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) "
            + "SELECT created, deleted, persistence_id, 2, message, manifest, identifier, 'another' FROM journal");

        ledger.Tell(new Ledger.Enter("same"));

        Assert.IsType<FencedWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
    }

    [StoreFact]
    public async Task Failure_rule_17_a_write_that_timed_out_in_the_queue_is_withdrawn()
    {
        Options.CallTimeout = Options.RetryWindow = TimeSpan.FromSeconds(3);
        Options.Writers = 1;
        await Reopen();
        var outcome = Node.Probe();
        var ledger = Node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell());
        database.Stall();
        Node.Ledger("blocker").Tell(new Ledger.Enter("in its transaction"));
        await Until.True(() => database.IsStalling);

        ledger.Tell(new Ledger.Enter("in the queue"));
        outcome.ExpectMsg<Ledger.Failed>();
        database.Resume();
        await Node.Store.FlushAsync();

        Assert.Equal(0, Count("a"));
        Assert.Equal(1, Count("blocker"));
    }

    [StoreFact]
    public async Task Failure_rule_17_a_recovery_waits_for_a_write_that_timed_out_in_its_transaction()
    {
        Options.CallTimeout = Options.RetryWindow = TimeSpan.FromSeconds(3);
        await Reopen();
        var outcome = Node.Probe();
        var ledger = Node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell());
        database.Stall();
        ledger.Tell(new Ledger.Enter("e1"));
        outcome.ExpectMsg<Ledger.Failed>();

        var recovering = Ledger.Ask<Ledger.Told>(Node.Ledger("a"), new Ledger.Tell());
        database.Resume();

        Assert.Equal(["e1"], (await recovering).Entries);
    }

    private protected async Task<(IActorRef First, IActorRef Second)> TwoIncarnations(string id, IActorRef failuresOfSecond)
    {
        var first = Node.Ledger(id);
        var second = Node.Ledger(id, failuresOfSecond);
        await Ledger.Ask<Ledger.Told>(first, new Ledger.Tell());
        await Ledger.Ask<Ledger.Told>(second, new Ledger.Tell());
        return (first, second);
    }

    private protected async Task Reopen()
    {
        await Node.Stop();
        Node = await PersistentNode.Start(database.Open(options =>
        {
            options.CallTimeout = Options.CallTimeout;
            options.RetryWindow = Options.RetryWindow;
            options.Writers = Options.Writers;
        }));
    }

    private protected long Count(string id) => long.Parse(database.Rows($"SELECT COUNT(*) FROM journal WHERE persistence_id = '{id}'")[0]);

    public sealed class Unspeakable
    {
        public string Word => throw new NotSupportedException("There is no word for it.");
    }
}
