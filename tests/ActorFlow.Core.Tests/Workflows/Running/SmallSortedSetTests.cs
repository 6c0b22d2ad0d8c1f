using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Tests.Workflows.Running;

public sealed class SmallSortedSetTests
{
    [Fact]
    public void The_default_is_empty()
    {
        SmallSortedSet<int> set = default;

        Assert.True(set.IsEmpty);
        Assert.Empty(set);
        Assert.True(set.Remove(1).IsEmpty);
        Assert.Throws<InvalidOperationException>(() => set.Min);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(40)]
    public void It_holds_what_a_sorted_set_holds_whatever_comes_and_goes(int range)
    {
        var random = new Random(range);
        var model = new SortedSet<int>();
        SmallSortedSet<int> set = default;
        for (var step = 0; step < 5_000; step++)
        {
            var item = random.Next(range);
            var before = model.ToArray();
            var former = set;
            (var changes, set) = random.Next(2) == 0 ? (model.Add(item), set.Add(item)) : (model.Remove(item), set.Remove(item));

            Assert.Equal(model, set);
            Assert.Equal(model.Count, set.Count);
            Assert.Equal(model.Count == 0, set.IsEmpty);
            Assert.Equal(before, former);
            if (changes && model.Count > 0)
            {
                Assert.Equal(model.Min, set.Min);
            }
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 3)]
    [InlineData(3, 30)]
    [InlineData(30, 0)]
    public void A_union_has_the_items_of_both_once(int mine, int others)
    {
        var set = Enumerable.Range(0, mine).Aggregate(default(SmallSortedSet<int>), (all, item) => all.Add(item));

        var union = set.Union(Enumerable.Range(1, others));

        Assert.Equal(Enumerable.Range(0, mine).Union(Enumerable.Range(1, others)).Order(), union);
        Assert.Equal(mine, set.Count);
    }
}
