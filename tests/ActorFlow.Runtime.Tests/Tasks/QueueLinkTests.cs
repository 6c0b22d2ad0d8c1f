using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class QueueLinkTests : DispatchTest
{
    private readonly QueueLink _link = new(Queue, slots: 4, epoch: 7) { IsKnown = true };

    [Fact]
    public void A_lease_number_is_new_once()
    {
        Assert.True(_link.Track(3));
        Assert.False(_link.Track(3));
        Assert.False(_link.Track(2));
        Assert.Equal(3, _link.Seen);
    }

    [Fact]
    public void What_has_settled_is_said_once()
    {
        Settle(1, succeeded: true);
        Assert.True(_link.Changed);

        Assert.Equal([Attempt(1)], Said());
        Assert.False(_link.Changed);
        Assert.Empty(Said());
    }

    [Fact]
    public void A_queue_that_has_not_answered_is_told_of_recent_successes_again()
    {
        Settle(1, succeeded: true);
        Settle(2, succeeded: false);
        Said();

        _link.Introduce();
        Assert.Empty(Said());

        _link.IsKnown = false;
        _link.Introduce();
        Assert.Equal([Attempt(1)], Said());
    }

    [Fact]
    public void A_host_that_takes_no_work_has_no_free_slots()
    {
        _link.Busy = 1;

        Assert.Equal(3, _link.State("w1", 1, takesWork: true).Free);
        Assert.Equal(0, _link.State("w1", 1, takesWork: false).Free);
    }

    private void Settle(int n, bool succeeded) =>
        _link.Settle(new RunningAttempt(Queue, new(new(7, n), "wf", Order(n), ActorRefs.Nobody), Node()), succeeded, TimeSpan.Zero);

    private IEnumerable<AttemptId> Said() => _link.State("w1", 1, takesWork: true).Settled.Select(settled => settled.Attempt);
}
