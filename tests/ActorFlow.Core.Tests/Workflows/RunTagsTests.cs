using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Tags are compared by their characters, on whatever machine.</summary>
public sealed class RunTagsTests
{
    private static readonly string[] Keys = ["a", "B", "a-b", "ab", "\u00E9", "e\u0301", "co-op", "coop"];

    private static readonly ImmutableSortedDictionary<string, string> Unlike =
        ImmutableSortedDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, Keys.Select(key => KeyValuePair.Create(key, key)));

    private static readonly WorkflowCommand.Start Start = new("run", Guid.NewGuid(), Guid.NewGuid(), new("scenario", 1, "hash"), Payload.Null);

    private static readonly WorkflowEvent.Started Started = new("run", Guid.NewGuid(), new("scenario", 1, "hash"), Payload.Null);

    [Fact]
    public void A_start_keeps_its_tags_in_the_order_of_their_characters_whatever_order_they_come_in()
    {
        Assert.Equal(Keys.Order(StringComparer.Ordinal), (Start with { Tags = Unlike }).Tags.Keys);
        Assert.Equal(Keys.Order(StringComparer.Ordinal), (Started with { Tags = Unlike }).Tags.Keys);
    }

    [Fact]
    public void Tags_added_to_those_of_a_start_that_has_none_are_compared_by_their_characters()
    {
        var tags = Keys.Aggregate(Start.Tags, (all, key) => all.Add(key, "1"));

        Assert.Equal(Keys.Order(StringComparer.Ordinal), tags.Keys);
        Assert.Same(StringComparer.Ordinal, Started.Tags.KeyComparer);
    }

    [Fact]
    public void Two_starts_with_the_same_tags_are_equal_however_those_were_ordered()
    {
        var ordinal = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, Unlike);

        Assert.Equal(Start, Start with { Tags = ImmutableSortedDictionary<string, string>.Empty });
        Assert.NotEqual(Unlike.Keys.ToList(), ordinal.Keys.ToList());
        Assert.Equal(Started with { Tags = ordinal }, Started with { Tags = Unlike });
    }

    [Fact]
    public void A_run_and_its_image_hold_them_so_too()
    {
        var plan = Scenario.Of("tasks: { a: { signal: go } }").NotStarted;
        var accepted = Assert.IsType<Decision.Accepted>(WorkflowDecider.Decide(plan, Start with { Tags = Unlike }, ScenarioRun.Epoch, 0));
        var open = Assert.IsType<WorkflowState.Open>(accepted.State);

        Assert.Equal(Keys.Order(StringComparer.Ordinal), open.Tags.Keys);
        Assert.Equal(Keys.Order(StringComparer.Ordinal), (open.ToImage() with { Tags = Unlike }).Tags.Keys);
    }
}
