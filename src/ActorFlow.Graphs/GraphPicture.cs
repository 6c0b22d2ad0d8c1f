using System.Collections.Immutable;
using ActorFlow.Graphs.Layout;

namespace ActorFlow.Graphs;

/// <summary>The layout of a scope: its own arrows and boxes, and further pictures inside groups.</summary>
/// <param name="Scope">The scope that is drawn.</param>
/// <param name="Boxes">Its nodes, in order.</param>
/// <param name="Layout">Their positions.</param>
internal sealed record GraphPicture(GraphScope Scope, ImmutableArray<GraphBox> Boxes, LayeredLayout Layout)
{
    /// <summary>Lays out a scope, its groups first.</summary>
    public static GraphPicture Of(GraphScope scope)
    {
        var boxes = scope.Nodes.Select(GraphBox.Of).ToImmutableArray();
        var edges = scope.Edges.Select(edge => new LayoutEdge(
            edge.From, edge.To, edge.Label is null ? 0 : TextWidth.Of(GraphBox.EdgeLabel(edge.Label), GraphBox.SmallText)));
        var layout = LayeredLayout.Compute([.. boxes.Select(box => new LayoutNode(box.Size, box.Inner is null))], [.. edges]);
        return new(scope, [.. boxes.Select((box, i) => box with { Size = layout.Sizes[i] })], layout);
    }
}

/// <summary>A node with its size.</summary>
/// <param name="Node">The node that is drawn.</param>
/// <param name="Size">Its size.</param>
/// <param name="Inner">The picture inside a group; null unless the node is a group.</param>
internal sealed record GraphBox(GraphNode Node, Size Size, GraphPicture? Inner)
{
    /// <summary>The font size of titles.</summary>
    public const double LargeText = 13;

    /// <summary>The font size of everything else.</summary>
    public const double SmallText = 11;

    /// <summary>The space between a group's border and its content.</summary>
    public const double Padding = 18;

    /// <summary>The height of a group's title.</summary>
    public const double Header = 30;

    /// <summary>The space left and right of a text.</summary>
    public const double Margin = 14;

    private const double NarrowestBox = 96;
    private const double WidestText = 280;
    private const double Height = 46;

    /// <summary>Makes the box of a node.</summary>
    public static GraphBox Of(GraphNode node)
    {
        var text = Math.Max(TextWidth.Of(node.Title, LargeText), TextWidth.Of(node.Subtitle, SmallText));
        if (node.Inner is null)
        {
            return new(node, new(Math.Max(NarrowestBox, Math.Min(text, WidestText) + (2 * Margin)), Height), null);
        }

        var inner = GraphPicture.Of(node.Inner);
        var header = TextWidth.Of(node.Title, LargeText) + TextWidth.Of(node.Subtitle, SmallText) + (3 * Margin);
        var size = inner.Layout.Size;
        return new(
            node,
            new(Math.Max(size.Width + (2 * Padding), Math.Min(header, 2 * WidestText)), size.Height + Header + Padding),
            inner);
    }

    /// <summary>The text of a label on an arrow.</summary>
    public static string EdgeLabel(string label) => TextWidth.Fit(label, SmallText, WidestText);
}
