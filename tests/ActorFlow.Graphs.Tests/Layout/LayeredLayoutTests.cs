using ActorFlow.Graphs.Layout;
using CsCheck;

namespace ActorFlow.Graphs.Tests.Layout;

public sealed class LayeredLayoutTests
{
    private const double Tolerance = 0.001;

    private static readonly Gen<(LayoutNode[] Nodes, LayoutEdge[] Edges)> Graphs =
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 80], Gen.Int).SelectMany((nodes, edges, _) => Gen.Select(
            Gen.Select(Gen.Double[10, 300], Gen.Double[10, 400], Gen.Bool).Select((width, height, stretches) => new LayoutNode(new(width, height), stretches)).Array[nodes],
            Gen.Select(Gen.Int[0, nodes - 1], Gen.Int[0, nodes - 1], Gen.Int[0, 3]).Array[edges]
                .Select(pairs => pairs.Where(pair => pair.Item1 != pair.Item2)
                    .DistinctBy(pair => (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2)))
                    .Select(pair => new LayoutEdge(Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2), pair.Item3 == 0 ? 60 : 0))
                    .ToArray())));

    [Fact]
    public void No_two_boxes_touch() => Graphs.Sample(graph =>
    {
        var boxes = Boxes(LayeredLayout.Compute(graph.Nodes, graph.Edges));
        for (var i = 0; i < boxes.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.False(boxes[i].Overlaps(boxes[j]), $"{i} and {j}: {boxes[i]} {boxes[j]}");
            }
        }
    });

    [Fact]
    public void Every_box_is_inside_the_picture() => Graphs.Sample(graph =>
    {
        var layout = LayeredLayout.Compute(graph.Nodes, graph.Edges);
        foreach (var box in Boxes(layout))
        {
            Assert.True(box.Left >= -Tolerance && box.Top >= -Tolerance, $"{box}");
            Assert.True(box.Right <= layout.Size.Width + Tolerance && box.Bottom <= layout.Size.Height + Tolerance, $"{box} in {layout.Size}");
        }
    });

    [Fact]
    public void Every_arrow_runs_from_its_source_rightwards_to_its_target() => Graphs.Sample(graph =>
    {
        var layout = LayeredLayout.Compute(graph.Nodes, graph.Edges);
        var boxes = Boxes(layout);
        for (var i = 0; i < graph.Edges.Length; i++)
        {
            var route = layout.Routes[i];
            var (from, to) = (boxes[graph.Edges[i].From], boxes[graph.Edges[i].To]);
            Assert.Equal(from.Right, route[0].X, Tolerance);
            Assert.Equal((from.Top + from.Bottom) / 2, route[0].Y, Tolerance);
            Assert.Equal(to.Left, route[^1].X, Tolerance);
            Assert.Equal((to.Top + to.Bottom) / 2, route[^1].Y, Tolerance);
            Assert.Equal(0, route.Length % 2);
            Assert.All(route.Zip(route.Skip(1)), pair => Assert.True(pair.Item1.X <= pair.Item2.X + Tolerance));
        }
    });

    [Fact]
    public void The_straight_parts_of_an_arrow_pass_no_box() => Graphs.Sample(graph =>
    {
        var layout = LayeredLayout.Compute(graph.Nodes, graph.Edges);
        var boxes = Boxes(layout);
        foreach (var route in layout.Routes)
        {
            for (var i = 2; i + 2 < route.Length; i += 2)
            {
                Assert.DoesNotContain(boxes, box => box.Overlaps(new(route[i].X, route[i].Y, route[i + 1].X, route[i].Y)));
            }
        }
    });

    [Fact]
    public void The_same_graph_is_laid_out_the_same() => Graphs.Sample(graph =>
        Assert.Equal(LayeredLayout.Compute(graph.Nodes, graph.Edges).Corners, LayeredLayout.Compute(graph.Nodes, graph.Edges).Corners));

    [Fact]
    public void Boxes_of_one_column_that_stretch_are_equally_wide()
    {
        var layout = LayeredLayout.Compute(
            [new(new(50, 40), true), new(new(80, 40), true), new(new(120, 40), true), new(new(300, 200), false)],
            [new(0, 1, 0), new(0, 2, 0), new(0, 3, 0)]);

        Assert.Equal([50, 120, 120, 300], layout.Sizes.Select(size => size.Width));
    }

    [Fact]
    public void Arrows_that_need_not_cross_do_not()
    {
        // Two chains whose second tasks are written in the other order.
        var node = new LayoutNode(new(100, 40), true);
        var layout = LayeredLayout.Compute([node, node, node, node], [new(0, 3, 0), new(1, 2, 0)]);

        Assert.Equal(layout.Corners[0].Y, layout.Corners[3].Y, Tolerance);
        Assert.Equal(layout.Corners[1].Y, layout.Corners[2].Y, Tolerance);
    }

    [Fact]
    public void A_task_between_two_that_need_it_stands_in_their_middle()
    {
        var node = new LayoutNode(new(100, 40), true);
        var layout = LayeredLayout.Compute([node, node, node], [new(0, 1, 0), new(0, 2, 0)]);

        Assert.Equal((layout.Corners[1].Y + layout.Corners[2].Y) / 2, layout.Corners[0].Y, Tolerance);
    }

    private static Box[] Boxes(LayeredLayout layout) =>
        [.. layout.Corners.Zip(layout.Sizes, (corner, size) => new Box(corner.X, corner.Y, corner.X + size.Width, corner.Y + size.Height))];

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public bool Overlaps(Box other) =>
            Left < other.Right - Tolerance && other.Left < Right - Tolerance && Top < other.Bottom - Tolerance && other.Top < Bottom - Tolerance;
    }
}
