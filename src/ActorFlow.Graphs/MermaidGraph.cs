using System.Text;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Graphs;

/// <summary>A graph as a Mermaid flowchart: groups are subgraphs.</summary>
public static class MermaidGraph
{
    private const int LongestDetail = 80;

    /// <summary>Writes the graph in Mermaid's language.</summary>
    /// <param name="graph">The graph to draw.</param>
    public static string Write(WorkflowGraph graph)
    {
        var text = new StringBuilder();
        // Name and version have no character that needs an escape, and YAML does not know Mermaid's escapes.
        text.Append("---\ntitle: \"").Append(graph.Title).Append("\"").Append("\n---\nflowchart LR\n");
        WriteScope(text, graph.Scope, "  ");
        return text.ToString();
    }

    private static void WriteScope(StringBuilder text, GraphScope scope, string indent)
    {
        foreach (var node in scope.Nodes)
        {
            if (node.Inner is null)
            {
                var (open, close) = Shape(node.Kind);
                text.Append(indent).Append(node.Key).Append(open).Append(Label(node)).Append(close).Append('\n');
                continue;
            }

            text.Append(indent).Append("subgraph ").Append(node.Key).Append('[').Append(Label(node)).Append("]\n");
            WriteScope(text, node.Inner, indent + "  ");
            text.Append(indent).Append("end\n");
        }

        foreach (var edge in scope.Edges)
        {
            text.Append(indent).Append(scope.Nodes[edge.From].Key).Append(" -->");
            if (edge.Label is not null)
            {
                text.Append('|').Append(Quote(edge.Label)).Append('|');
            }

            text.Append(' ').Append(scope.Nodes[edge.To].Key).Append('\n');
        }
    }

    private static (string Open, string Close) Shape(NodeKind kind) => kind switch
    {
        NodeKind.Switch => ("{", "}"),
        NodeKind.Set => ("([", "])"),
        NodeKind.Delay => ("{{", "}}"),
        NodeKind.Fail => (">", "]"),
        NodeKind.Child => ("[[", "]]"),
        NodeKind.Signal => ("[/", "/]"),
        NodeKind.Ask => ("[\\", "/]"),
        _ => ("[", "]"),
    };

    private static string Label(GraphNode node) =>
        $"\"{Escape(node.Title)}{(node.Subtitle.Length > 0 ? $"<br/><small>{Escape(OneLine.Of(node.Subtitle, LongestDetail))}</small>" : "")}\"";

    private static string Quote(string text) => $"\"{Escape(text)}\"";

    // Mermaid's own escapes: # and a code or name, for every character that Mermaid or HTML could read as markup.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        var line = OneLine.Of(text);
        // Text that begins like a list item is shown as "Unsupported markdown: list".
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        var marker = digits < line.Length && line[digits] is '.' or ')' or '-' or '+' ? digits : -1;
        for (var i = 0; i < line.Length; i++)
        {
            var letter = line[i];
            if (i == marker || letter is '"' or '#' or '<' or '>' or '&' or '`' or '\\' or '*' or '|' or ';' or '[' or ']' or '{' or '}' or '_' or '~' or '$')
            {
                escaped.Append('#').Append((int)letter).Append(';');
            }
            else
            {
                escaped.Append(letter);
            }
        }

        return escaped.ToString();
    }
}
