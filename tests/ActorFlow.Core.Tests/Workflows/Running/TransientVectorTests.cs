using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Tests.Workflows.Running;

public sealed class TransientVectorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(40_000)]
    public void It_holds_what_it_was_made_of(int count)
    {
        var items = Enumerable.Range(0, count).ToArray();

        var slots = TransientVector<int>.Of(items);

        Assert.Equal(count, slots.Count);
        Assert.Equal(items, slots);
        Assert.Throws<ArgumentOutOfRangeException>(() => slots[count]);
        Assert.Throws<ArgumentOutOfRangeException>(() => slots[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => slots.SetItem(count, 0, new()));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(3_000)]
    public void Every_edit_leaves_what_was_there_before_it_as_it_was(int count)
    {
        var random = new Random(count);
        var slots = TransientVector<int>.Filled(-1, count);
        var model = Enumerable.Repeat(-1, count).ToArray();
        var versions = new List<(TransientVector<int> Slots, int[] Model)>();
        for (var edit = 0; edit < 30; edit++)
        {
            versions.Add((slots, [.. model]));
            var token = new object();
            for (var change = random.Next(50); change >= 0; change--)
            {
                var at = random.Next(count);
                slots = slots.SetItem(at, model[at] = random.Next(), token);
            }
        }

        Assert.Equal(model, slots);
        Assert.All(versions, version => Assert.Equal(version.Model, version.Slots));
    }

    [Fact]
    public void Within_one_edit_it_is_changed_in_place()
    {
        var edit = new object();
        var first = TransientVector<int>.Of(Enumerable.Range(0, 100)).SetItem(5, -5, edit);

        Assert.Same(first, first.SetItem(6, -6, edit));
        Assert.Same(first, first.SetItem(99, -99, edit));
        Assert.NotSame(first, first.SetItem(6, -6, new()));
        Assert.Equal((-5, -6, -99), (first[5], first[6], first[99]));
    }
}
