namespace ActorFlow.Core.Schemas;

/// <summary>Finds schemas that would apply to the same value without end, in time linear in the schemas.</summary>
internal static class SchemaCircles
{
    /// <summary>The schemas that lie on a circle, or between two.</summary>
    public static HashSet<SchemaNode> Of(IEnumerable<SchemaNode> starts)
    {
        var next = Reachable(starts);
        var previous = next.Keys.ToDictionary(node => node, _ => new List<SchemaNode>());
        foreach (var (node, targets) in next)
        {
            foreach (var target in targets)
            {
                previous[target].Add(node);
            }
        }

        var left = next.Keys.ToHashSet();
        Strip(left, next, previous);
        Strip(left, previous, next);
        return left;
    }

    private static Dictionary<SchemaNode, List<SchemaNode>> Reachable(IEnumerable<SchemaNode> starts)
    {
        var next = new Dictionary<SchemaNode, List<SchemaNode>>();
        var open = new Stack<SchemaNode>(starts);
        while (open.TryPop(out var node))
        {
            if (!next.ContainsKey(node))
            {
                next[node] = [.. node.InPlace];
                next[node].ForEach(open.Push);
            }
        }

        return next;
    }

    /// <summary>Removes schemas without successors until every remaining one has a successor.</summary>
    private static void Strip(HashSet<SchemaNode> left, Dictionary<SchemaNode, List<SchemaNode>> next, Dictionary<SchemaNode, List<SchemaNode>> previous)
    {
        var ways = left.ToDictionary(node => node, node => next[node].Count(left.Contains));
        var ends = new Stack<SchemaNode>(left.Where(node => ways[node] == 0));
        while (ends.TryPop(out var end))
        {
            left.Remove(end);
            foreach (var node in previous[end])
            {
                if (left.Contains(node) && --ways[node] == 0)
                {
                    ends.Push(node);
                }
            }
        }
    }
}
