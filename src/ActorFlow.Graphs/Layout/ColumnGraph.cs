namespace ActorFlow.Graphs.Layout;

/// <summary>
/// A graph in which every arrow leads to the next column: a longer arrow is split by bends, which are vertices
/// like the nodes, numbered after them, without extent.
/// </summary>
internal sealed class ColumnGraph
{
    // With more bends than this the remaining arrows are straight, and may pass behind boxes.
    private const int MostBends = 100_000;

    private ColumnGraph(int nodes)
    {
        ColumnOf = [.. Enumerable.Repeat(-1, nodes)];
        Before = [.. Enumerable.Range(0, nodes).Select(_ => new List<int>())];
        After = [.. Enumerable.Range(0, nodes).Select(_ => new List<int>())];
        Nodes = nodes;
    }

    /// <summary>How many vertices are nodes; the rest are bends.</summary>
    public int Nodes { get; }

    /// <summary>The vertices of each column, from top to bottom.</summary>
    public List<int[]> Columns { get; } = [];

    /// <summary>The column of each vertex; -1 for nodes without arrows.</summary>
    public List<int> ColumnOf { get; }

    /// <summary>The neighbours of each vertex in the column before.</summary>
    public List<List<int>> Before { get; }

    /// <summary>The neighbours of each vertex in the column after.</summary>
    public List<List<int>> After { get; }

    /// <summary>The bends of each arrow, from its source to its target.</summary>
    public int[][] Bends { get; private set; } = [];

    /// <summary>The height of each vertex.</summary>
    public List<double> Extents { get; } = [];

    /// <summary>The nodes that no arrow touches.</summary>
    public List<int> Loose { get; } = [];

    /// <summary>Makes the columns of an acyclic graph.</summary>
    public static ColumnGraph Of(IReadOnlyList<Size> nodes, IReadOnlyList<LayoutEdge> edges)
    {
        var graph = new ColumnGraph(nodes.Count);
        graph.Extents.AddRange(nodes.Select(node => node.Height));
        graph.AssignColumns(edges);
        graph.AddBends(edges);
        graph.FillColumns();
        return graph;
    }

    /// <summary>Whether a vertex is a bend of an arrow.</summary>
    public bool IsBend(int vertex) => vertex >= Nodes;

    private void AssignColumns(IReadOnlyList<LayoutEdge> edges)
    {
        var after = edges.ToLookup(edge => edge.From, edge => edge.To);
        var waitsFor = new int[Nodes];
        foreach (var edge in edges)
        {
            waitsFor[edge.To]++;
        }

        var sources = Enumerable.Range(0, Nodes).Where(node => waitsFor[node] == 0).ToList();
        Loose.AddRange(sources.Where(node => !after[node].Any()));
        var ready = new Queue<int>(sources.Where(node => after[node].Any()));
        foreach (var node in ready)
        {
            ColumnOf[node] = 0;
        }

        while (ready.TryDequeue(out var node))
        {
            foreach (var next in after[node])
            {
                ColumnOf[next] = Math.Max(ColumnOf[next], ColumnOf[node] + 1);
                if (--waitsFor[next] == 0)
                {
                    ready.Enqueue(next);
                }
            }
        }

        // A source stands right before the first node that needs it, not at the far left.
        foreach (var node in sources.Where(node => after[node].Any()))
        {
            ColumnOf[node] = after[node].Min(next => ColumnOf[next]) - 1;
        }
    }

    private void AddBends(IReadOnlyList<LayoutEdge> edges)
    {
        Bends = new int[edges.Count][];
        var left = MostBends;
        foreach (var i in Enumerable.Range(0, edges.Count).OrderBy(i => ColumnOf[edges[i].To] - ColumnOf[edges[i].From]))
        {
            var (from, to, _) = edges[i];
            var count = ColumnOf[to] - ColumnOf[from] - 1;
            if (count > left)
            {
                Bends[i] = [];
                continue;
            }

            left -= count;
            Bends[i] = new int[count];
            var previous = from;
            for (var bend = 0; bend < count; bend++)
            {
                Bends[i][bend] = AddVertex(ColumnOf[from] + bend + 1);
                Connect(previous, Bends[i][bend]);
                previous = Bends[i][bend];
            }

            Connect(previous, to);
        }
    }

    private int AddVertex(int column)
    {
        ColumnOf.Add(column);
        Before.Add([]);
        After.Add([]);
        Extents.Add(0);
        return ColumnOf.Count - 1;
    }

    private void Connect(int from, int to)
    {
        After[from].Add(to);
        Before[to].Add(from);
    }

    // Walks along the arrows, so that connected vertices start next to each other.
    private void FillColumns()
    {
        var columns = new List<List<int>>();
        var seen = new bool[ColumnOf.Count];
        var walk = new Stack<int>();
        foreach (var start in Enumerable.Range(0, Nodes).Where(node => ColumnOf[node] >= 0 && Before[node].Count == 0))
        {
            walk.Push(start);
            while (walk.TryPop(out var vertex))
            {
                if (seen[vertex])
                {
                    continue;
                }

                seen[vertex] = true;
                while (columns.Count <= ColumnOf[vertex])
                {
                    columns.Add([]);
                }

                columns[ColumnOf[vertex]].Add(vertex);
                for (var i = After[vertex].Count - 1; i >= 0; i--)
                {
                    walk.Push(After[vertex][i]);
                }
            }
        }

        Columns.AddRange(columns.Select(column => column.ToArray()));
    }
}
