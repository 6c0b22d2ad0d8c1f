namespace ActorFlow.Graphs.Layout;

/// <summary>Gives each vertex its height: near its neighbours, in the order of its column, and clear of the next.</summary>
internal static class Heights
{
    private const int Sweeps = 12;

    /// <summary>Computes the centre of each vertex; the topmost box begins at 0.</summary>
    public static double[] Assign(ColumnGraph graph)
    {
        var centres = new double[graph.ColumnOf.Count];
        foreach (var column in graph.Columns)
        {
            var y = 0.0;
            for (var i = 0; i < column.Length; i++)
            {
                y += i == 0 ? graph.Extents[column[i]] / 2 : Separation(graph, column[i - 1], column[i]);
                centres[column[i]] = y;
            }
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var forward = sweep % 2 == 0;
            for (var step = 0; step < graph.Columns.Count; step++)
            {
                Settle(graph, graph.Columns[forward ? step : graph.Columns.Count - 1 - step], centres, sweep);
            }
        }

        var top = graph.Columns.SelectMany(column => column).Select(vertex => centres[vertex] - (graph.Extents[vertex] / 2)).DefaultIfEmpty().Min();
        return [.. centres.Select(centre => centre - top)];
    }

    // Least squares under "each below the one before" is isotonic regression: neighbours that would overlap are pooled, and a
    // pool stands at the weighted mean of its members' wishes.
    private static void Settle(ColumnGraph graph, int[] column, double[] centres, int sweep)
    {
        var pools = new Stack<Pool>();
        var offset = 0.0;
        var offsets = new double[column.Length];
        for (var i = 0; i < column.Length; i++)
        {
            offset += i == 0 ? 0 : Separation(graph, column[i - 1], column[i]);
            offsets[i] = offset;
            var (wish, weight) = Wish(graph, column[i], centres, sweep);
            var pool = new Pool(i, wish - offset, weight);
            while (pools.TryPeek(out var above) && above.Place >= pool.Place)
            {
                pools.Pop();
                pool = above.With(pool);
            }

            pools.Push(pool);
        }

        var end = column.Length;
        while (pools.TryPop(out var pool))
        {
            for (var i = pool.First; i < end; i++)
            {
                centres[column[i]] = pool.Place + offsets[i];
            }

            end = pool.First;
        }
    }

    private static (double Wish, double Weight) Wish(ColumnGraph graph, int vertex, double[] centres, int sweep)
    {
        var (sum, weight) = (0.0, 0.0);
        // The last sweeps look both ways, the first ones pass on the positions of the columns before.
        if (sweep >= Sweeps - 4 || sweep % 2 == 0)
        {
            Add(graph.Before[vertex]);
        }

        if (sweep >= Sweeps - 4 || sweep % 2 == 1)
        {
            Add(graph.After[vertex]);
        }

        return weight > 0 ? (sum / weight, weight) : (centres[vertex], 0.1);

        void Add(List<int> neighbours)
        {
            foreach (var neighbour in neighbours)
            {
                var pull = Pull(graph, vertex, neighbour);
                sum += pull * centres[neighbour];
                weight += pull;
            }
        }
    }

    // Long arrows are the straightest.
    private static double Pull(ColumnGraph graph, int a, int b) => (graph.IsBend(a), graph.IsBend(b)) switch
    {
        (true, true) => 8,
        (false, false) => 1,
        _ => 2,
    };

    private static double Separation(ColumnGraph graph, int above, int below)
    {
        var gap = graph.IsBend(above) && graph.IsBend(below) ? LayeredLayout.RowGap / 2 : LayeredLayout.RowGap;
        return ((graph.Extents[above] + graph.Extents[below]) / 2) + gap;
    }

    private readonly record struct Pool(int First, double Place, double Weight)
    {
        public Pool With(Pool below) =>
            new(First, ((Place * Weight) + (below.Place * below.Weight)) / (Weight + below.Weight), Weight + below.Weight);
    }
}
