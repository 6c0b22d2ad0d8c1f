namespace ActorFlow.Graphs;

/// <summary>A graph as an SVG picture: boxes from left to right, groups around their tasks.</summary>
public static class SvgGraph
{
    private const double Margin = 28;
    private const double TitleHeight = 34;
    private const string Style = """
        text { font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1e293b; }
        .title { font-size: 17px; font-weight: 600; }
        .name { font-size: 13px; font-weight: 600; }
        .detail, .case { font-size: 11px; }
        .detail { fill: #64748b; }
        .case { fill: #b45309; font-weight: 600; text-anchor: middle; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
        .box { fill: #ffffff; stroke: #cbd5e1; }
        .group { fill: #f4f6f9; stroke: #cbd5e1; }
        .edge { fill: none; stroke: #94a3b8; stroke-width: 1.4; marker-end: url(#arrow); }
        """;

    /// <summary>Writes the graph as an SVG file.</summary>
    /// <param name="graph">The graph to draw.</param>
    public static string Write(WorkflowGraph graph)
    {
        var picture = GraphPicture.Of(graph.Scope);
        var size = picture.Layout.Size;
        var width = Math.Max(size.Width, TextWidth.Of(graph.Title, 17)) + (2 * Margin);
        var height = size.Height + TitleHeight + (2 * Margin);
        var svg = new SvgWriter();
        svg.Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">");
        svg.Line($"<title>{graph.Title}</title>");
        svg.Line($"<style>\n{new SvgWriter.Markup(Style)}\n</style>");
        svg.Line($"<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7.5\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0,0.5L8,4L0,7.5z\" fill=\"#94a3b8\"/></marker></defs>");
        svg.Line($"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        svg.Line($"<text class=\"title\" x=\"{Margin}\" y=\"{Margin + 12}\">{graph.Title}</text>");
        WriteScope(svg, picture, Margin, Margin + TitleHeight);
        svg.Line($"</svg>");
        return svg.ToString();
    }

    private static void WriteScope(SvgWriter svg, GraphPicture picture, double left, double top)
    {
        for (var i = 0; i < picture.Scope.Edges.Length; i++)
        {
            svg.Line($"<path class=\"edge\" d=\"{SvgWriter.Path(picture.Layout.Routes[i], left, top)}\"/>");
        }

        for (var i = 0; i < picture.Boxes.Length; i++)
        {
            var corner = picture.Layout.Corners[i];
            WriteBox(svg, picture.Boxes[i], left + corner.X, top + corner.Y);
        }

        for (var i = 0; i < picture.Scope.Edges.Length; i++)
        {
            if (picture.Scope.Edges[i].Label is { } label)
            {
                // On the first curve, near its end, where the arrows of one switch have separated.
                var (from, to) = (picture.Layout.Routes[i][1], picture.Layout.Routes[i][2]);
                svg.Line($"<g><title>{label}</title><text class=\"case\" x=\"{left + from.X + (0.616 * (to.X - from.X))}\" y=\"{top + from.Y + (0.718 * (to.Y - from.Y)) + 4}\">{GraphBox.EdgeLabel(label)}</text></g>");
            }
        }
    }

    private static void WriteBox(SvgWriter svg, GraphBox box, double left, double top)
    {
        var (node, size) = (box.Node, box.Size);
        svg.Line($"<g><title>{Tooltip(node)}</title>");
        if (node.IsForEach)
        {
            // Frames behind it show that there are several.
            WriteFrame(svg, box, left + 6, top + 6);
            WriteFrame(svg, box, left + 3, top + 3);
        }

        WriteFrame(svg, box, left, top);
        if (box.Inner is { } inner)
        {
            var name = TextWidth.Fit(node.Title, GraphBox.LargeText, size.Width - (2 * GraphBox.Margin));
            svg.Line($"<text class=\"name\" x=\"{left + GraphBox.Margin}\" y=\"{top + 20}\">{name}</text>");
            var after = left + (2 * GraphBox.Margin) + TextWidth.Of(name, GraphBox.LargeText);
            svg.Line($"<text class=\"detail\" x=\"{after}\" y=\"{top + 20}\">{TextWidth.Fit(node.Subtitle, GraphBox.SmallText, left + size.Width - GraphBox.Margin - after)}</text></g>");
            WriteScope(svg, inner, left + ((size.Width - inner.Layout.Size.Width) / 2), top + GraphBox.Header);
            return;
        }

        var room = size.Width - (2 * GraphBox.Margin);
        svg.Line($"<path d=\"M{left + 5},{top + 10}v{size.Height - 20}\" stroke=\"{Colour(node.Kind)}\" stroke-width=\"3\" stroke-linecap=\"round\"/>");
        svg.Line($"<text class=\"name\" x=\"{left + GraphBox.Margin}\" y=\"{top + 20}\">{TextWidth.Fit(node.Title, GraphBox.LargeText, room)}</text>");
        svg.Line($"<text class=\"detail\" x=\"{left + GraphBox.Margin}\" y=\"{top + 36}\">{TextWidth.Fit(node.Subtitle, GraphBox.SmallText, room)}</text></g>");
    }

    private static void WriteFrame(SvgWriter svg, GraphBox box, double left, double top) => svg.Line(
        $"<rect class=\"{(box.Inner is null ? "box" : "group")}\" x=\"{left}\" y=\"{top}\" width=\"{box.Size.Width}\" height=\"{box.Size.Height}\" rx=\"8\"/>");

    private static string Tooltip(GraphNode node) => string.Join(": ", new[] { node.Path, IsPlain(node) ? "" : node.Title, node.Subtitle }.Where(part => part.Length > 0));

    private static bool IsPlain(GraphNode node) => node.Path == node.Title || node.Path.EndsWith("/" + node.Title, StringComparison.Ordinal);

    private static string Colour(NodeKind kind) => kind switch
    {
        NodeKind.Switch => "#d97706",
        NodeKind.Set => "#64748b",
        NodeKind.Delay => "#7c3aed",
        NodeKind.Fail => "#dc2626",
        NodeKind.Child => "#0e7490",
        NodeKind.Signal => "#059669",
        NodeKind.Ask => "#be185d",
        _ => "#2563eb",
    };
}
