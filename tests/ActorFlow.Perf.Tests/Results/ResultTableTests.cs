using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Results;

public sealed class ResultTableTests
{
    private static readonly MetricResult Times = Sample.Metric("time", MetricKind.Time, 3, 4, 5);

    [Theory]
    [InlineData(3, true, " 3 ")]
    [InlineData(12, false, " 12+ ")]
    public void A_line_says_how_many_rounds_it_took_to_be_warm_and_whether_it_was(int rounds, bool isWarm, string word) =>
        Assert.Contains(word, LineOf(Sample.Spec("a", Times) with { WarmUpRounds = rounds, IsWarm = isWarm }));

    [Fact]
    public void Where_the_first_time_counts_there_are_none() =>
        Assert.Matches("^a +about a +time +4 ms +3 to 5$", LineOf(Sample.Spec("a", Times) with { WarmUpRounds = 0 }));

    [Fact]
    public void A_single_value_is_called_so() =>
        Assert.Matches("4 ms +1 round$", LineOf(Sample.Spec("a", Sample.Metric("time", MetricKind.Time, 4))));

    private static string LineOf(SpecResult spec) => ResultTable.Lines(Sample.Run(spec)).Last();
}
