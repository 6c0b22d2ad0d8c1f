using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorFlow.Architecture.Tests;

/// <summary>What the documents point to is there.</summary>
public sealed partial class DocumentTests
{
    private const string Decisions = "docs/decisions";

    public static TheoryData<string> Documents => [.. DocumentFiles.Select(Repository.NameOf)];

    public static TheoryData<string> DecisionNames => [.. DecisionFiles.Select(file => Path.GetFileName(file))];

    private static IEnumerable<string> DocumentFiles =>
        MarkdownIn(Repository.Root, SearchOption.TopDirectoryOnly).Concat(MarkdownIn(Repository.PathOf("docs"), SearchOption.AllDirectories));

    private static IEnumerable<string> DecisionFiles =>
        MarkdownIn(Repository.PathOf(Decisions), SearchOption.TopDirectoryOnly).Where(file => DecisionName().IsMatch(Path.GetFileName(file)));

    [Fact]
    public void Every_decision_that_is_cited_has_a_file()
    {
        var numbers = DecisionFiles.Select(NumberOf).ToHashSet();
        var missing =
            from file in CitingFiles()
            from number in CitedIn(File.ReadAllText(file))
            where !numbers.Contains(number)
            select $"{Repository.NameOf(file)} cites decision {number}";

        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Citations_are_found()
    {
        var cited = CitingFiles().SelectMany(file => CitedIn(File.ReadAllText(file))).ToHashSet();

        Assert.True(cited.Count >= 10, $"only {cited.Count} decisions are cited");
    }

    [Theory]
    [InlineData("as decision 27 says", "27")]
    [InlineData("(decisions 27 and 34)", "27 34")]
    [InlineData("Decisions 1, 2, and 3", "1 2 3")]
    [InlineData("[decision 28](0028-x.md)", "28")]
    [InlineData("One decision begins at most 1,000 executions", "")]
    public void A_citation_is_recognized(string text, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', CitedIn(text)));

    [Fact]
    public void Decisions_are_numbered_from_one_without_a_gap()
    {
        var numbers = DecisionFiles.Select(NumberOf).Order().ToList();

        Assert.True(numbers.Count >= 47, $"only {numbers.Count} decisions found");
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    [Theory]
    [MemberData(nameof(DecisionNames))]
    public void A_decision_has_its_number_its_headings_and_a_line_in_the_list(string name)
    {
        var lines = File.ReadAllLines(Repository.PathOf(Decisions, name));
        var title = $"{NumberOf(name).ToString(CultureInfo.InvariantCulture)}. ";
        var list = File.ReadAllText(Repository.PathOf(Decisions, "README.md"));

        Assert.StartsWith($"# {title}", lines[0], StringComparison.Ordinal);
        Assert.Equal(["## Context", "## Decision", "## Consequence"], lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Contains($"[{lines[0][(title.Length + 2)..]}]({name})", list, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_points_to_something_that_exists(string document)
    {
        var file = Repository.PathOf(document);
        var broken = LinksIn(File.ReadAllText(file)).Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, link)));

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("[a](docs/a.md), [b](b.md#c)", "docs/a.md b.md")]
    [InlineData("[a](https://example.org/a.md) [b](#b) [c](mailto:c@example.org)", "")]
    [InlineData("`[a](b)`\n```\n[c](d)\n```\n", "")]
    public void A_link_is_recognized(string text, string links) => Assert.Equal(links, string.Join(' ', LinksIn(text)));

    private static IEnumerable<string> MarkdownIn(string folder, SearchOption depth) =>
        Directory.EnumerateFiles(folder, "*.md", depth).Order(StringComparer.Ordinal);

    private static IEnumerable<string> CitingFiles()
    {
        string[] folders = ["src", "tests", "perf"];
        return Repository.CodeFiles(folders)
            .Concat(folders.SelectMany(folder => MarkdownIn(Repository.PathOf(folder), SearchOption.AllDirectories)))
            .Concat(DocumentFiles);
    }

    private static int NumberOf(string file) => int.Parse(Path.GetFileName(file)[..4], CultureInfo.InvariantCulture);

    private static IEnumerable<int> CitedIn(string text) =>
        from citation in Citation().Matches(text)
        from number in citation.Groups["number"].Captures
        select int.Parse(number.Value, CultureInfo.InvariantCulture);

    /// <summary>The paths that a document links to: no addresses, no places within the document itself, nothing that is code.</summary>
    private static IEnumerable<string> LinksIn(string markdown) =>
        from link in Link().Matches(Code().Replace(markdown, string.Empty))
        let target = link.Groups["target"].Value
        where !Address().IsMatch(target) && !target.StartsWith('#')
        select Uri.UnescapeDataString(target.Split('#')[0]);

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();

    [GeneratedRegex(@"\bdecisions? (?<number>\d{1,4})\b((, and |, | and | or )(?<number>\d{1,4})\b)*", RegexOptions.IgnoreCase)]
    private static partial Regex Citation();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
