using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests.Running;

public sealed class WarmUpTests
{
    private static readonly WarmUp Rule = new(FewestRounds: 3, MostRounds: 6, MostTime: TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(new[] { 9.0, 4, 3.9 }, 3, true)]
    [InlineData(new[] { 9.0, 9.1, 9.2 }, 3, true)]
    [InlineData(new[] { 9.0, 6, 4, 3, 3.2 }, 5, true)]
    [InlineData(new[] { 9.0, 3, 9, 3, 9, 3 }, 6, false)]
    [InlineData(new[] { 9.0, 3, 9, 3, 9, 9.1 }, 6, true)]
    [InlineData(new[] { 40.0, 30 }, 2, false)]
    public void Rounds_go_on_until_two_agree_within_a_tenth_or_it_is_enough(double[] seconds, int rounds, bool agrees)
    {
        var done = 0;

        Assert.Equal((rounds, agrees), Rule.Repeat(() => new(TimeSpan.FromSeconds(seconds[done++]), TimeSpan.Zero)));
        Assert.Equal(rounds, done);
    }

    [Theory]
    [InlineData(new[] { 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, 10, true)]
    [InlineData(new[] { 4.0, 1, 4, 1, 4, 1 }, 6, false)]
    [InlineData(new[] { 31.0 }, 1, false)]
    public void Rounds_that_agree_do_not_count_before_the_least_time(double[] seconds, int rounds, bool agrees)
    {
        var rule = Rule with { LeastTime = TimeSpan.FromSeconds(10), MostTime = TimeSpan.FromSeconds(30) };
        var done = 0;

        Assert.Equal((rounds, agrees), rule.Repeat(() => new(TimeSpan.FromSeconds(seconds[done++]), TimeSpan.Zero)));
        Assert.Equal(rounds, done);
    }

    [Theory]
    [InlineData(new[] { 0.0, 0, 0.39 }, 3, true)]
    [InlineData(new[] { 2.0, 1, 0.5, 0.2 }, 4, true)]
    [InlineData(new[] { 2.0, 2, 2, 2, 2, 2 }, 6, false)]
    public void Rounds_that_agree_do_not_count_while_much_is_compiled(double[] compiling, int rounds, bool agrees)
    {
        var done = 0;

        Assert.Equal((rounds, agrees), Rule.Repeat(() => new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(compiling[done++]))));
        Assert.Equal(rounds, done);
    }
}
