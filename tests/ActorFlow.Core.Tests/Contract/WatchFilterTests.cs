namespace ActorFlow.Core.Tests.Contract;

public sealed class WatchFilterTests
{
    private static readonly WorkflowSummary Run = new()
    {
        Id = "order-7",
        RunId = Guid.Empty,
        Definition = "order",
        Version = 3,
        Status = WorkflowStatus.Failed,
        StartedAt = default,
        UpdatedAt = default,
        Parent = "all",
        Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("customer", "7"),
    };

    [Theory]
    [InlineData(null, true)]
    [InlineData("order", true)]
    [InlineData("order@3", true)]
    [InlineData("order@30", false)]
    [InlineData("order@2", false)]
    [InlineData("orders", false)]
    [InlineData("ord", false)]
    public void A_run_fits_by_its_definition(string? definition, bool fits) => Assert.Equal(fits, new WatchFilter { Definition = definition }.Fits(Run));

    [Fact]
    public void A_run_fits_if_it_matches_every_property()
    {
        var fitting = new WatchFilter
        {
            Definition = "order",
            Status = [WorkflowStatus.Completed, WorkflowStatus.Failed],
            Parent = "all",
            Tags = new Dictionary<string, string> { ["customer"] = "7" },
        };

        Assert.True(fitting.Fits(Run));
        Assert.False((fitting with { Status = [WorkflowStatus.Completed] }).Fits(Run));
        Assert.False((fitting with { Parent = "other" }).Fits(Run));
        Assert.False((fitting with { Tags = new Dictionary<string, string> { ["customer"] = "8" } }).Fits(Run));
        Assert.False((fitting with { Tags = new Dictionary<string, string> { ["color"] = "7" } }).Fits(Run));
    }
}
