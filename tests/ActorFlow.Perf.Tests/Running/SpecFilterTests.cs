using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests.Running;

public sealed class SpecFilterTests
{
    [Theory]
    [InlineData(null, "anything", "", true)]
    [InlineData("P1", "P1", "", true)]
    [InlineData("p1", "P1-100", "", true)]
    [InlineData("P1", "P10", "", false)]
    [InlineData("P1*", "P10", "", true)]
    [InlineData("S?", "S4", "", true)]
    [InlineData("S?", "cold-run", "", false)]
    [InlineData("cold", "cold-run", "", true)]
    [InlineData("memory", "S3", "memory", true)]
    [InlineData("memory", "S3", "", false)]
    [InlineData("W1, S2", "S2", "", true)]
    [InlineData("W1,S2", "S3", "", false)]
    [InlineData("run", "cold-run", "", false)]
    [InlineData("a.c", "abc", "", false)]
    public void Globs_match_ids_their_variants_and_groups(string? filter, string id, string group, bool matches) =>
        Assert.Equal(matches, new SpecFilter(filter).Matches(id, group));
}
