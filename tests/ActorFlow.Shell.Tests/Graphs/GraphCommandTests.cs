using System.Diagnostics;
using System.Xml.Linq;
using ActorFlow.Graphs;

namespace ActorFlow.Shell.Tests.Graphs;

public sealed class GraphCommandTests : IDisposable
{
    private const string Order = """
        name: order
        version: 2
        tasks:
          risk: { switch: [{ case: high, if: "${{ input.total > 9 }}" }, { case: low }] }
          ship:
            for-each: "${{ input.items }}"
            needs: [risk.low]
            tasks:
              pick: { uses: pick }
              pack: { uses: pack, needs: [pick], repeat: { until: "true" } }
          refuse: { fail: "no", needs: [risk.high] }
          wait: { delay: 5m, needs: [ship] }
          sum: { set: { n: 1 }, needs: [risk.high, risk.low, wait] }
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly ShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Mermaid_is_the_default_with_groups_as_subgraphs_and_cases_on_the_arrows()
    {
        await GraphAsync(Order);

        Assert.Equal(
            """
            ---
            title: "order v2"
            ---
            flowchart LR
              n0{"risk<br/><small>switch</small>"}
              subgraph n1["ship<br/><small>for each</small>"]
                n2["pick<br/><small>pick</small>"]
                n3["pack<br/><small>pack · repeat</small>"]
                n2 --> n3
              end
              n4>"refuse<br/><small>fail</small>"]
              n5{{"wait<br/><small>delay 5m</small>"}}
              n6(["sum<br/><small>set</small>"])
              n0 -->|"low"| n1
              n0 -->|"high"| n4
              n1 --> n5
              n0 -->|"high, low"| n6
              n5 --> n6

            """,
            _session.Out);
    }

    [Fact]
    public async Task Dot_has_clusters_and_cuts_arrows_at_their_border()
    {
        await GraphAsync(Order, "--format", "dot");

        Assert.Contains("  subgraph cluster_n1 {\n    label=\"ship\\nfor each\";\n    n2 [label=\"pick\\npick\"];\n", _session.Out);
        Assert.Contains("    n2 -> n3;\n  }\n", _session.Out);
        Assert.Contains("  n0 -> n2 [label=\"low\", lhead=cluster_n1];\n", _session.Out);
        Assert.Contains("  n3 -> n5 [ltail=cluster_n1];\n", _session.Out);
    }

    [Fact]
    public async Task Svg_is_xml_with_a_box_for_each_task_an_arrow_for_each_need_and_cases_as_labels()
    {
        await GraphAsync(Order, "--format", "svg");

        var svg = XDocument.Parse(_session.Out).Root!;
        Assert.Equal(["risk", "ship", "pick", "pack", "refuse", "wait", "sum"], Texts(svg, "name").Order(Listed("risk", "ship", "pick", "pack", "refuse", "wait", "sum")));
        Assert.Equal(6, Elements(svg, "path", "edge").Count());
        Assert.Equal(["high", "high, low", "low"], Texts(svg, "case").Order(StringComparer.Ordinal));
        Assert.Single(Texts(svg, "detail"), text => text == "for each");
        Assert.Contains("ship/pack: pack · repeat", svg.Descendants(Svg + "title").Select(title => title.Value));
    }

    [Theory]
    [InlineData("mermaid", """n0[["kid<br/><small>workflow other@2</small>"]]""", """n1[/"go<br/><small>signal go</small>"/]""", """n2[\"may<br/><small>ask approval · for each</small>"/]""")]
    [InlineData("dot", """n0 [label="kid\nworkflow other@2", peripheries=2];""", """n1 [label="go\nsignal go", shape=parallelogram, style=filled];""", """n2 [label="may\nask approval · for each", shape=invtrapezium, style=filled];""")]
    [InlineData("svg", "<title>kid: workflow other@2</title>", "<title>go: signal go</title>", "<title>may: ask approval · for each</title>")]
    public async Task Children_signals_and_questions_have_shapes_of_their_own(string format, params string[] expected)
    {
        await GraphAsync(
            """
            name: waits
            tasks:
              kid: { workflow: other@2 }
              go: { signal: go }
              may: { ask: { kind: approval, prompt: May I? }, for-each: [1] }
            """,
            "--format",
            format);

        Assert.All(expected, part => Assert.Contains(part, _session.Out));
    }

    [Fact]
    public async Task Titles_full_of_markup_come_out_as_text()
    {
        const string title = """<b>"x" & 'y'</b> ]]> # ` \ | {z}""";
        var file = _session.Write("a.json", $$$"""{"name":"a","tasks":{"t":{"uses":"echo","title":{{{System.Text.Json.JsonSerializer.Serialize(title)}}} } } }""");

        await _session.RunAsync("graph", file, "--format", "svg");
        Assert.Equal(title, Assert.Single(Texts(XDocument.Parse(_session.Out).Root!, "name")));

        using var mermaid = new ShellSession();
        await mermaid.RunAsync("graph", file);
        Assert.Contains("#60;b#62;#34;x#34; #38; 'y'#60;/b#62;", mermaid.Out);

        using var dot = new ShellSession();
        await dot.RunAsync("graph", file, "--format", "dot");
        Assert.Contains("""label="<b>\"x\" &amp; 'y'</b> ]]> # ` \\ | {z}\necho""", dot.Out);
    }

    [Theory]
    [InlineData("WWWWWWWWWW MMMMMMMMMM WWWWWWWWWW MMMMMMMMMM WWWWWWWWWW")]
    [InlineData("漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字")]
    [InlineData("🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈")]
    [InlineData("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦")]
    public async Task No_text_of_the_picture_leaves_its_box_and_the_whole_text_is_its_tooltip(string title)
    {
        await GraphAsync(
            $"name: a\ntasks:\n  t: {{ uses: a.handler.with.a.very.long.name.that.goes.on.and.on.for.ever, title: \"{title}\" }}\n"
            + $"  g: {{ title: \"{title}\", for-each: [1], tasks: {{ x: {{ uses: echo }} }} }}\n",
            "--format",
            "svg");

        var groups = XDocument.Parse(_session.Out).Root!.Descendants(Svg + "g").ToList();
        Assert.Equal(3, groups.Count);
        foreach (var group in groups)
        {
            var frame = group.Elements(Svg + "rect").Last();
            var right = Number(frame, "x") + Number(frame, "width");
            foreach (var text in group.Elements(Svg + "text").Where(text => text.Value.Length > 0))
            {
                var size = (string)text.Attribute("class")! == "name" ? 13 : 11;
                Assert.True(Number(text, "x") + TextWidth.Of(text.Value, size) <= right, $"{text.Value} ends beyond {right}");
            }
        }

        Assert.Contains(groups, group => group.Element(Svg + "title")!.Value == $"t: {title}: a.handler.with.a.very.long.name.that.goes.on.and.on.for.ever");
        Assert.Contains(groups, group => group.Element(Svg + "title")!.Value == $"g: {title}: for each");
    }

    [Theory]
    [InlineData("mermaid", "1. first", "n0[\"1#46; first<br/>")]
    [InlineData("mermaid", "- first", "n0[\"#45; first<br/>")]
    [InlineData("mermaid", "a_b ~c~ $$x$$", "n0[\"a#95;b #126;c#126; #36;#36;x#36;#36;<br/>")]
    [InlineData("dot", "a &lt; b", "label=\"a &amp;lt; b\\necho\"")]
    [InlineData("dot", "a\\Nb", "label=\"a\\\\Nb\\necho\"")]
    public async Task What_a_format_would_take_for_its_own_is_escaped(string format, string title, string expected)
    {
        await GraphAsync($"name: a\ntasks:\n  t: {{ uses: echo, title: '{title}' }}\n", "--format", format);

        Assert.Contains(expected, _session.Out);
    }

    [Fact]
    public async Task An_invalid_file_gives_its_errors_and_no_graph()
    {
        var file = _session.Write("a.yaml", "name: a\ntasks:\n  t: { uses: echo, needs: [x] }\n");

        Assert.Equal(2, await _session.RunAsync("graph", file));

        Assert.Equal(2, _session.ErrorLines.Length);
        Assert.StartsWith($"{file}:3:", _session.ErrorLines[0]);
        Assert.Contains("1 error", _session.ErrorLines[1]);
        Assert.Empty(_session.Out);
    }

    [Theory]
    [InlineData("chain")]
    [InlineData("fan")]
    [InlineData("mesh")]
    [InlineData("loose")]
    public async Task Ten_thousand_tasks_are_drawn_in_seconds(string shape)
    {
        var time = Stopwatch.StartNew();

        await GraphAsync(Large(shape, 10_000), "--format", "svg");

        Assert.Equal(10_000, Texts(XDocument.Parse(_session.Out).Root!, "name").Count());
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(60), $"took {time.Elapsed}");
    }

    private static string Large(string shape, int count)
    {
        var random = new Random(7);
        var tasks = Enumerable.Range(0, count).Select(i => (shape, i) switch
        {
            (_, 0) or ("loose", _) => "",
            ("chain", _) => $", needs: [t0, t{i - 1}]",
            ("fan", _) when i == count - 1 => $", needs: [{string.Join(", ", Enumerable.Range(1, count - 2).Select(n => $"t{n}"))}]",
            ("fan", _) => ", needs: [t0]",
            _ => $", needs: [t{random.Next(Math.Max(0, i - 300), i)}, t{random.Next(Math.Max(0, i - 300), i)}]",
        });
        return "name: large\ntasks:\n" + string.Concat(tasks.Select((needs, i) => $"  t{i}: {{ uses: echo{needs} }}\n"));
    }

    private async Task GraphAsync(string yaml, params string[] options) =>
        Assert.Equal(0, await _session.RunAsync(["graph", _session.Write("a.yaml", yaml), .. options]));

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(XElement svg, string style) =>
        Elements(svg, "text", style).Select(text => text.Value);

    private static IEnumerable<XElement> Elements(XElement svg, string name, string style) =>
        svg.Descendants(Svg + name).Where(element => (string?)element.Attribute("class") == style);

    private static Comparer<string> Listed(params string[] order) =>
        Comparer<string>.Create((a, b) => Array.IndexOf(order, a).CompareTo(Array.IndexOf(order, b)));
}
