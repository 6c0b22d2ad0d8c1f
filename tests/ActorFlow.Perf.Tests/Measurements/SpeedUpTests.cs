using ActorFlow.Perf.Measurements;

namespace ActorFlow.Perf.Tests.Measurements;

public sealed class SpeedUpTests
{
    [Fact]
    public void A_speed_is_reached_at_the_first_half_second_that_has_it()
    {
        var speed = new SpeedUp(TimeSpan.FromSeconds(3));
        Complete(speed, from: 0, until: 1_000, perSecond: 100);
        Complete(speed, from: 1_000, until: 3_000, perSecond: 1_000);

        Assert.Equal(2_100, speed.Count);
        Assert.Equal(100, speed.Rate(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Equal(1_000, speed.Rate(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.Zero, speed.Until(100));
        Assert.Equal(TimeSpan.FromSeconds(0.8), speed.Until(500));
        Assert.Equal(TimeSpan.FromSeconds(1), speed.Until(1_000));
    }

    [Fact]
    public void A_speed_that_is_never_reached_takes_all_of_the_time()
    {
        var speed = new SpeedUp(TimeSpan.FromSeconds(3));
        Complete(speed, from: 0, until: 3_000, perSecond: 100);

        Assert.Equal(TimeSpan.FromSeconds(3), speed.Until(101));
    }

    [Fact]
    public void What_completes_after_its_time_is_counted_but_has_no_rate()
    {
        var speed = new SpeedUp(TimeSpan.FromSeconds(1));
        speed.CompletedAt(TimeSpan.FromSeconds(0.5));
        speed.CompletedAt(TimeSpan.FromSeconds(1.2));

        Assert.Equal(2, speed.Count);
        Assert.Equal(1, speed.Rate(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
    }

    private static void Complete(SpeedUp speed, int from, int until, int perSecond)
    {
        for (var at = from; at < until; at += 1_000 / perSecond)
        {
            speed.CompletedAt(TimeSpan.FromMilliseconds(at));
        }
    }
}
