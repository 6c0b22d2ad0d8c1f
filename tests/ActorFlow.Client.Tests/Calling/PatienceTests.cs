using ActorFlow.Client.Calling;
using ActorFlow.Client.Tests.Nodes;

namespace ActorFlow.Client.Tests.Calling;

public sealed class PatienceTests
{
    private static readonly CallFailure Unavailable = new(WorkflowRefusedException.Of("unavailable", "Away."));
    private static readonly CallFailure Overloaded = new(WorkflowRefusedException.Of("overloaded", "Busy."));

    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(0.5, 0.75)]
    [InlineData(0.999999, 1.0)]
    public void A_random_part_of_half_a_pause_is_left_out(double roll, double part)
    {
        var patience = new Patience(new HastyTime(), () => roll, null);

        var pauses = Enumerable.Range(0, 40).Select(_ => patience.Next(Overloaded, 1)!.Value.TotalMilliseconds).ToList();

        double[] whole = [50, 100, 200, 400, 800, 1600, 2000, 2000];
        Assert.All(whole.Zip(pauses, (first, second) => (First: first, Second: second)), pair => Assert.Equal(pair.First * part, pair.Second, 1.0));
        Assert.Equal(2000 * part, pauses[^1], 1.0);
    }

    [Fact]
    public void Other_addresses_are_tried_at_once_and_a_success_begins_anew()
    {
        var patience = new Patience(new HastyTime(), () => 0, null);

        Assert.Equal([0, 0, 25, 0, 0, 50], Pauses(6));
        patience.Reset();
        Assert.Equal([0, 0, 25], Pauses(3));

        IEnumerable<double> Pauses(int count) => Enumerable.Range(0, count).Select(_ => patience.Next(Unavailable, 3)!.Value.TotalMilliseconds).ToList();
    }

    [Fact]
    public void What_a_node_said_counts_more_than_that_the_time_was_up()
    {
        var patience = new Patience(new HastyTime(), () => 0, TimeSpan.FromSeconds(1));
        var late = CallFailure.Of(new TimeoutException(), "a")!;

        Assert.Same(late, patience.Told(late));
        patience.Next(Overloaded, 1);
        patience.Next(late, 1);

        Assert.Same(Overloaded, patience.Told(late));
        Assert.Same(Unavailable, patience.Told(Unavailable));
    }
}
