namespace ActorFlow.Graphs.Layout;

/// <summary>A size in pixels.</summary>
internal readonly record struct Size(double Width, double Height);

/// <summary>A node to lay out.</summary>
/// <param name="Size">Its size, or its least size.</param>
/// <param name="Stretches">Whether it takes the width of the widest such node in its column.</param>
internal readonly record struct LayoutNode(Size Size, bool Stretches);

/// <summary>A place in a picture, in pixels from its top left corner.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>An arrow to lay out.</summary>
/// <param name="From">The index of its source.</param>
/// <param name="To">The index of its target.</param>
/// <param name="LabelWidth">The width of its label in pixels; 0 means that it has none.</param>
internal readonly record struct LayoutEdge(int From, int To, double LabelWidth);

/// <summary>
/// A layered drawing from left to right (Sugiyama's method): columns by longest path, few crossings by barycentres, heights by
/// least squares under the spacing, and long arrows bending around what is between. Time and space grow about linearly, and
/// nothing recurses, so that it draws graphs of ten thousand tasks.
/// </summary>
internal sealed class LayeredLayout
{
    /// <summary>The vertical space between two boxes.</summary>
    public const double RowGap = 18;

    /// <summary>The least horizontal space between two columns.</summary>
    public const double ColumnGap = 48;

    private const double WidestFanGap = 170;

    private LayeredLayout(Size[] sizes, Point[] corners, Point[][] routes, Size size)
    {
        Sizes = sizes;
        Corners = corners;
        Routes = routes;
        Size = size;
    }

    /// <summary>The size of each node.</summary>
    public Size[] Sizes { get; }

    /// <summary>The top left corner of each node.</summary>
    public Point[] Corners { get; }

    /// <summary>
    /// Each arrow as an even number of points: from 0 to 1 straight, from 1 to 2 a curve that starts and ends horizontally, and so on in turn.
    /// </summary>
    public Point[][] Routes { get; }

    /// <summary>The size of the whole drawing.</summary>
    public Size Size { get; }

    /// <summary>Lays out an acyclic graph.</summary>
    public static LayeredLayout Compute(IReadOnlyList<LayoutNode> nodes, IReadOnlyList<LayoutEdge> edges)
    {
        var sizes = nodes.Select(node => node.Size).ToArray();
        var columns = ColumnGraph.Of(sizes, edges);
        Stretch(columns, nodes, sizes);
        Crossings.Reduce(columns);
        var centres = Heights.Assign(columns);
        var corners = new Point[nodes.Count];
        var routes = new Point[edges.Count][];
        var size = Place(columns, sizes, edges, centres, corners, routes);
        size = PlaceLoose(columns.Loose, sizes, corners, size);
        return new(sizes, corners, routes, size);
    }

    private static void Stretch(ColumnGraph graph, IReadOnlyList<LayoutNode> nodes, Size[] sizes)
    {
        foreach (var column in graph.Columns.Append([.. graph.Loose]))
        {
            var stretching = column.Where(vertex => vertex < nodes.Count && nodes[vertex].Stretches).ToList();
            var width = stretching.Select(vertex => sizes[vertex].Width).DefaultIfEmpty().Max();
            stretching.ForEach(vertex => sizes[vertex] = sizes[vertex] with { Width = width });
        }
    }

    private static Size Place(
        ColumnGraph graph, IReadOnlyList<Size> nodes, IReadOnlyList<LayoutEdge> edges, double[] centres, Point[] corners, Point[][] routes)
    {
        var (lefts, widths, width) = Columns(graph, nodes, edges, centres);
        var height = 0.0;
        for (var column = 0; column < graph.Columns.Count; column++)
        {
            foreach (var vertex in graph.Columns[column].Where(vertex => vertex < nodes.Count))
            {
                corners[vertex] = new(
                    lefts[column] + ((widths[column] - nodes[vertex].Width) / 2), centres[vertex] - (nodes[vertex].Height / 2));
                height = Math.Max(height, centres[vertex] + (nodes[vertex].Height / 2));
            }

            height = graph.Columns[column].Aggregate(height, (most, vertex) => Math.Max(most, centres[vertex]));
        }

        for (var i = 0; i < edges.Count; i++)
        {
            var (from, to, _) = edges[i];
            var route = new List<Point> { new(corners[from].X + nodes[from].Width, centres[from]) };
            route.Add(new(lefts[graph.ColumnOf[from]] + widths[graph.ColumnOf[from]], centres[from]));
            foreach (var bend in graph.Bends[i])
            {
                var column = graph.ColumnOf[bend];
                route.Add(new(lefts[column], centres[bend]));
                route.Add(new(lefts[column] + widths[column], centres[bend]));
            }

            route.Add(new(lefts[graph.ColumnOf[to]], centres[to]));
            route.Add(new(corners[to].X, centres[to]));
            routes[i] = [.. route];
        }

        return new(width, height);
    }

    private static (double[] Lefts, double[] Widths, double Total) Columns(
        ColumnGraph graph, IReadOnlyList<Size> nodes, IReadOnlyList<LayoutEdge> edges, double[] centres)
    {
        var widths = graph.Columns.Select(column => column.Where(vertex => vertex < nodes.Count).Max(vertex => nodes[vertex].Width)).ToArray();
        var gaps = graph.Columns.Select(column => FanGap(graph, column, centres)).ToArray();
        foreach (var edge in edges.Where(edge => edge.LabelWidth > 0))
        {
            var column = graph.ColumnOf[edge.From];
            gaps[column] = Math.Max(gaps[column], edge.LabelWidth + ColumnGap);
        }

        var lefts = new double[widths.Length];
        var left = 0.0;
        for (var column = 0; column < widths.Length; column++)
        {
            lefts[column] = left;
            left += widths[column] + gaps[column];
        }

        return (lefts, widths, widths.Length == 0 ? 0 : lefts[^1] + widths[^1]);
    }

    // Arrows that climb far need space for it, or they run together.
    private static double FanGap(ColumnGraph graph, int[] column, double[] centres)
    {
        var climb = column.SelectMany(vertex => graph.After[vertex].Select(next => Math.Abs(centres[next] - centres[vertex])))
            .DefaultIfEmpty().Max();
        return Math.Clamp(climb / 5, ColumnGap, WidestFanGap);
    }

    // Nodes without arrows stand in rows below the rest, in file order, about as wide as high.
    private static Size PlaceLoose(IReadOnlyList<int> loose, IReadOnlyList<Size> nodes, Point[] corners, Size size)
    {
        if (loose.Count == 0)
        {
            return size;
        }

        var area = loose.Sum(node => (nodes[node].Width + RowGap) * (nodes[node].Height + RowGap));
        var width = Math.Max(size.Width, Math.Max(Math.Sqrt(area) * 1.3, loose.Max(node => nodes[node].Width)));
        var (x, y) = (0.0, size.Height > 0 ? size.Height + (2 * RowGap) : 0);
        var (rowHeight, widest) = (0.0, size.Width);
        foreach (var node in loose)
        {
            if (x > 0 && x + nodes[node].Width > width)
            {
                (x, y, rowHeight) = (0, y + rowHeight + RowGap, 0);
            }

            corners[node] = new(x, y);
            widest = Math.Max(widest, x + nodes[node].Width);
            x += nodes[node].Width + RowGap;
            rowHeight = Math.Max(rowHeight, nodes[node].Height);
        }

        return new(widest, y + rowHeight);
    }
}
