using System.Text;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Graphs;

/// <summary>A graph for Graphviz: groups are clusters, and an arrow to a group ends at its border.</summary>
public static class DotGraph
{
    private const int LongestDetail = 80;

    /// <summary>Writes the graph in Graphviz's DOT language.</summary>
    /// <param name="graph">The graph to draw.</param>
    public static string Write(WorkflowGraph graph)
    {
        var text = new StringBuilder();
        text.Append("digraph workflow {\n")
            .Append("  graph [rankdir=LR, compound=true, labelloc=t, fontname=\"Helvetica\", label=").Append(Quote(graph.Title)).Append("];\n")
            .Append("  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Helvetica\"];\n")
            .Append("  edge [fontname=\"Helvetica\", fontsize=10];\n");
        WriteScope(text, graph.Scope, "  ");
        return text.Append("}\n").ToString();
    }

    private static void WriteScope(StringBuilder text, GraphScope scope, string indent)
    {
        foreach (var node in scope.Nodes)
        {
            if (node.Inner is null)
            {
                text.Append(indent).Append(node.Key).Append(" [label=").Append(Label(node)).Append(Shape(node.Kind)).Append("];\n");
                continue;
            }

            text.Append(indent).Append("subgraph cluster_").Append(node.Key).Append(" {\n")
                .Append(indent).Append("  label=").Append(Label(node)).Append(";\n");
            WriteScope(text, node.Inner, indent + "  ");
            text.Append(indent).Append("}\n");
        }

        foreach (var edge in scope.Edges)
        {
            WriteEdge(text, scope.Nodes[edge.From], scope.Nodes[edge.To], edge.Label, indent);
        }
    }

    // Arrows run between nodes only; lhead and ltail cut them at the cluster.
    private static void WriteEdge(StringBuilder text, GraphNode from, GraphNode to, string? label, string indent)
    {
        var attributes = new List<string>();
        if (label is not null)
        {
            attributes.Add($"label={Quote(label)}");
        }

        if (from.Inner is not null)
        {
            attributes.Add($"ltail=cluster_{from.Key}");
        }

        if (to.Inner is not null)
        {
            attributes.Add($"lhead=cluster_{to.Key}");
        }

        text.Append(indent).Append(Last(from).Key).Append(" -> ").Append(First(to).Key);
        text.Append(attributes.Count == 0 ? "" : $" [{string.Join(", ", attributes)}]").Append(";\n");
    }

    private static GraphNode First(GraphNode node) => node.Inner is { Nodes: [var first, ..] } ? First(first) : node;

    private static GraphNode Last(GraphNode node) => node.Inner is { Nodes: [.., var last] } ? Last(last) : node;

    private static string Shape(NodeKind kind) => kind switch
    {
        NodeKind.Switch => ", shape=diamond, style=filled",
        NodeKind.Set => ", shape=note, style=filled",
        NodeKind.Delay => ", shape=hexagon, style=filled",
        NodeKind.Fail => ", color=red",
        NodeKind.Child => ", peripheries=2",
        NodeKind.Signal => ", shape=parallelogram, style=filled",
        NodeKind.Ask => ", shape=invtrapezium, style=filled",
        _ => "",
    };

    private static string Label(GraphNode node) =>
        Quote(node.Title, OneLine.Of(node.Subtitle, LongestDetail));

    // Graphviz reads escapes, and also HTML entities.
    private static string Escape(string text) => OneLine.Of(text)
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("&", "&amp;", StringComparison.Ordinal);

    private static string Quote(params ReadOnlySpan<string> lines)
    {
        var text = new StringBuilder("\"");
        foreach (var line in lines)
        {
            if (line.Length > 0)
            {
                text.Append(text.Length > 1 ? "\\n" : "").Append(Escape(line));
            }
        }

        return text.Append('"').ToString();
    }
}
