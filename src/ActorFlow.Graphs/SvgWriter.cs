using System.Globalization;
using System.Text;
using ActorFlow.Graphs.Layout;

namespace ActorFlow.Graphs;

/// <summary>Writes SVG elements; text is escaped, and numbers have one decimal.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup, with its values formatted for SVG; texts are escaped.</summary>
    public void Line(FormattableString markup)
    {
        var arguments = markup.GetArguments();
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = arguments[i] switch
            {
                double number => Number(number),
                string value => Escape(value),
                Markup inner => inner.Text,
                var other => other,
            };
        }

        _text.AppendFormat(CultureInfo.InvariantCulture, markup.Format, arguments).Append('\n');
    }

    /// <summary>Makes a path along a route of <see cref="LayeredLayout.Routes"/>, shifted.</summary>
    public static Markup Path(Point[] route, double dx, double dy)
    {
        var path = new StringBuilder("M");
        Append(path, route[0], dx, dy);
        for (var i = 1; i < route.Length; i++)
        {
            if (i % 2 == 1)
            {
                path.Append('L');
            }
            else
            {
                var middle = (route[i - 1].X + route[i].X) / 2;
                path.Append('C');
                Append(path, route[i - 1] with { X = middle }, dx, dy);
                path.Append(' ');
                Append(path, route[i] with { X = middle }, dx, dy);
                path.Append(' ');
            }

            Append(path, route[i], dx, dy);
        }

        return new(path.ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static void Append(StringBuilder path, Point point, double dx, double dy) =>
        path.Append(Number(point.X + dx)).Append(',').Append(Number(point.Y + dy));

    private static string Number(double number) => Math.Round(number, 1).ToString("0.#", CultureInfo.InvariantCulture);

    // XML cannot hold most control characters, not even escaped.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < 0x20 or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Text that is SVG already.</summary>
    internal readonly record struct Markup(string Text);
}
