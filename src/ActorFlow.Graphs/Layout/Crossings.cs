namespace ActorFlow.Graphs.Layout;

/// <summary>Orders the vertices of each column so that few arrows cross.</summary>
internal static class Crossings
{
    private const int Sweeps = 16;

    /// <summary>Sweeps over the columns in both directions, moves each vertex to the mean place of its neighbours, and keeps the best order.</summary>
    public static void Reduce(ColumnGraph graph)
    {
        var place = new double[graph.ColumnOf.Count];
        foreach (var column in graph.Columns)
        {
            Number(column, place);
        }

        var best = graph.Columns.Select(column => column.ToArray()).ToList();
        var fewest = Count(graph, place);
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            Sweep(graph, place, forward: sweep % 2 == 0);
            var crossings = Count(graph, place);
            if (crossings < fewest)
            {
                fewest = crossings;
                best = graph.Columns.Select(column => column.ToArray()).ToList();
            }
        }

        for (var column = 0; column < best.Count; column++)
        {
            graph.Columns[column] = best[column];
        }
    }

    private static void Sweep(ColumnGraph graph, double[] place, bool forward)
    {
        var neighbours = forward ? graph.Before : graph.After;
        for (var step = 1; step < graph.Columns.Count; step++)
        {
            var column = graph.Columns[forward ? step : graph.Columns.Count - 1 - step];
            var means = new double[column.Length];
            for (var i = 0; i < column.Length; i++)
            {
                var near = neighbours[column[i]];
                means[i] = near.Count == 0 ? place[column[i]] : near.Average(vertex => place[vertex]);
            }

            // Stable: vertices with the same mean keep their order.
            var order = Enumerable.Range(0, column.Length).OrderBy(i => means[i]).Select(i => column[i]).ToArray();
            order.CopyTo(column, 0);
            Number(column, place);
        }
    }

    // Places are relative to the column's length, so that a short column beside a long one is not all "at the top".
    private static void Number(int[] column, double[] place)
    {
        for (var i = 0; i < column.Length; i++)
        {
            place[column[i]] = (i + 0.5) / column.Length;
        }
    }

    /// <summary>How many pairs of arrows cross.</summary>
    private static long Count(ColumnGraph graph, double[] place)
    {
        long crossings = 0;
        for (var column = 0; column + 1 < graph.Columns.Count; column++)
        {
            var width = graph.Columns[column + 1].Length;
            var rank = graph.Columns[column + 1].Select((vertex, i) => (vertex, i)).ToDictionary(pair => pair.vertex, pair => pair.i);
            var tree = new int[width + 1];
            var seen = 0;
            foreach (var vertex in graph.Columns[column])
            {
                var targets = graph.After[vertex].Select(next => rank[next]).ToList();
                foreach (var target in targets)
                {
                    crossings += seen - Sum(tree, target + 1);
                }

                foreach (var target in targets)
                {
                    Add(tree, target + 1);
                    seen++;
                }
            }
        }

        return crossings;
    }

    // A Fenwick tree: how many arrows seen so far end at or above a place.
    private static void Add(int[] tree, int index)
    {
        for (; index < tree.Length; index += index & -index)
        {
            tree[index]++;
        }
    }

    private static int Sum(int[] tree, int index)
    {
        var sum = 0;
        for (; index > 0; index -= index & -index)
        {
            sum += tree[index];
        }

        return sum;
    }
}
