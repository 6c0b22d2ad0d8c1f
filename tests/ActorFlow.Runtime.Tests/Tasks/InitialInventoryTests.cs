using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class InitialInventoryTests : DispatchTest
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    private readonly QueueIncarnation _queue;
    private readonly InitialInventory _stock;

    public InitialInventoryTests()
    {
        _queue = new(Queue, 7, ActorRefs.Nobody);
        _stock = new(_queue, new() { Capacity = 2, InventoryWait = TimeSpan.FromSeconds(15) }, Directory);
        _stock.Begin(Start);
    }

    [Fact]
    public void Without_workers_the_stock_is_taken_at_once()
    {
        Assert.True(_stock.Ask(Start));
        Assert.True(_stock.IsDone);
    }

    [Fact]
    public void It_is_taken_with_the_last_answer_and_told_once()
    {
        Directory.Add(new("w1", ActorRefs.Nobody));
        Directory.Add(new("w2", ActorRefs.Nobody));

        Assert.False(_stock.Ask(Start));
        Assert.False(_stock.Track("w1"));
        Assert.False(_stock.Track("w1"));
        Assert.True(_stock.Track("w2"));
        Assert.False(_stock.Track("w3"));
    }

    [Fact]
    public void Only_who_has_not_answered_is_asked()
    {
        var (answered, silent) = (CreateTestProbe(), CreateTestProbe());
        Directory.Add(new("w1", answered));
        Directory.Add(new("w2", silent));
        _stock.Track("w1");

        Assert.False(_stock.Ask(Start));

        Assert.Equal(new InventoryRequest(Queue, 7), silent.ExpectMsg<InventoryRequest>(Patience));
        Assert.False(answered.HasMessages);
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(15, true)]
    public void A_silent_worker_is_not_waited_for_for_ever(int seconds, bool done)
    {
        Directory.Add(new("w1", ActorRefs.Nobody));

        Assert.Equal(done, _stock.Ask(Start + TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void Under_a_newer_epoch_all_are_asked_again()
    {
        var worker = CreateTestProbe();
        Directory.Add(new("w1", worker));
        Directory.Add(new("w2", ActorRefs.Nobody));
        _stock.Track("w1");

        _queue.Supersede(9);
        _stock.Restart();
        _stock.Ask(Start);

        Assert.Equal(new InventoryRequest(Queue, 10), worker.ExpectMsg<InventoryRequest>(Patience));
    }

    [Fact]
    public void Withdrawals_beyond_the_capacity_are_dropped_and_the_others_given_once()
    {
        for (var n = 1; n <= 3; n++)
        {
            _stock.Enqueue(new(Queue, $"wf{n}", [Attempt(n)], ActorRefs.Nobody));
        }

        Assert.Equal(["wf1", "wf2"], _stock.TakeWithdrawals().Select(withdraw => withdraw.WorkflowId));
        Assert.Empty(_stock.TakeWithdrawals());
    }
}
