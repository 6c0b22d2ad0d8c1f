using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests.Specs;

public sealed class CatalogueTests
{
    private static readonly IReadOnlyList<Spec> Specs = Spec.In(typeof(Spec).Assembly);

    [Theory]
    [InlineData("S1")]
    [InlineData("S2")]
    [InlineData("S3")]
    [InlineData("S4-10,S4-20,S4-50,S4-100,S4-1000,S4-10000")]
    [InlineData("W1,W1-10ms")]
    [InlineData("W2,W2-100ms")]
    [InlineData("W3")]
    [InlineData("W4")]
    [InlineData("W5-5,W5-1000")]
    [InlineData("W6-10,W6-50,W6-100,W6-1000")]
    [InlineData("W7-100,W7-1000")]
    [InlineData("X1-500,X1-5000")]
    [InlineData("X2-100,X2-10000")]
    [InlineData("X3")]
    [InlineData("X4")]
    [InlineData("X5")]
    [InlineData("X6")]
    [InlineData("X7")]
    [InlineData("G2,G2-short,G2-pace")]
    [InlineData("P1-1,P1-100,P1-500,P2,P3-1,P3-16,P4,P5,P6,P6-workers,P8")]
    [InlineData("C1,C2,C3,C4,C4-busy,C5-1KB,C5-10KB,C5-100KB,C5-1MB,C6-100,C6-1000")]
    public void Every_case_is_measured(string ids) =>
        Assert.All(ids.Split(','), id => Assert.Contains(Specs, spec => spec.Id == id));

    [Fact]
    public void What_measures_the_process_has_one_of_its_own() =>
        Assert.Equal(["S3", "X3", "X5"], Specs.Where(spec => spec.OwnProcess && spec.Id is ("S3" or "X3" or "X5")).Select(spec => spec.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Only_steady_load_is_not_compiled_again_as_any_node_is() =>
        Assert.Equal(["X5"], Specs.Where(spec => spec.CompilesOnce).Select(spec => spec.Id));

    [Fact]
    public void Medians_are_of_five_rounds_or_more_but_of_loads_that_last_for_minutes() =>
        Assert.Equal(["G2", "G2-pace", "G2-short", "X5"], Specs.Where(spec => spec.Iterations * Math.Max(1, spec.Processes) < 5).Select(spec => spec.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Ten_minutes_of_retention_are_run_by_their_name_only() =>
        Assert.Equal(["G2"], Specs.Where(spec => spec.Attribute.ByNameOnly).Select(spec => spec.Id));

    [Fact]
    public void Nothing_that_takes_long_is_quick() =>
        Assert.DoesNotContain(Specs, spec => spec.Attribute.Quick && spec.Id is ("S4-10000" or "W7-1000" or "X1-5000" or "X2-10000" or "X3" or "X5" or "G2-short" or "G2-pace"));
}
