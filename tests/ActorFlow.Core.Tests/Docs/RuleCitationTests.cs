using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorFlow.Core.Tests.Docs;

/// <summary>
/// Whoever cites a rule finds it in its book: "failure rule 8" and <c>Failure_08_…</c> in the book of failure rules, every other
/// "rule 17" and <c>Rule_17_…</c> in the book of the language. In the book of failure rules itself "rule 19" is one of its own.
/// </summary>
public sealed partial class RuleCitationTests
{
    private const int LanguageRules = 35;
    private const int AllFailureRules = 119;
    private const int LeastCitations = 100;

    [Fact]
    public void The_books_hold_their_rules_once_each_and_in_order()
    {
        Assert.Equal(Enumerable.Range(1, LanguageRules), Book.Language.Rules);
        Assert.Equal(Enumerable.Range(1, AllFailureRules), Book.FailureRules.Rules);
    }

    [Fact]
    public void Every_rule_that_is_cited_is_in_its_book()
    {
        var citations = CitingFiles().SelectMany(In).ToArray();
        Assert.True(citations.Count(citation => citation.IsFailureRule) >= LeastCitations / 2, "few citations of failure rules");
        Assert.True(citations.Count(citation => !citation.IsFailureRule) >= LeastCitations, "few citations of the language's rules");
        var unknown = citations.Where(citation => !(citation.IsFailureRule ? Book.FailureRules : Book.Language).Rules.Contains(citation.Number));
        Assert.Empty(unknown.Select(citation => $"{citation.File} cites {(citation.IsFailureRule ? "failure rule" : "rule")} {citation.Number}"));
    }

    [Theory]
    [InlineData("(rule 17)", "17")]
    [InlineData("Rules 8 and 11: both", "8 11")]
    [InlineData("(rules 11, 14, 15 and 30)", "11 14 15 30")]
    [InlineData("rules 15 to 18 and 34", "15 16 17 18 34")]
    [InlineData("failure rules 1–3, or 7", "f1 f2 f3 f7")]
    [InlineData("    /// see the failure\n    /// rule 6.", "f6")]
    [InlineData("void Failure_08_What() void Rule_31_that()", "f8 31")]
    [InlineData("the rules of 5 runs, rule of 3", "")]
    public void Citations_are_found_in_lists_and_ranges_and_over_the_end_of_a_line(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Citations("x.cs", text).Select(citation => $"{(citation.IsFailureRule ? "f" : "")}{citation.Number}")));

    // This file is full of examples.
    private static IEnumerable<string> CitingFiles() => Repository.Files("*.cs", "src", "tests", "perf")
        .Where(file => Path.GetFileName(file) != "RuleCitationTests.cs")
        .Concat(Repository.Files("*.md", "src", "tests", "perf", "docs"))
        .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"));

    private static IEnumerable<Citation> In(string file) => Citations(Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file));

    private static IEnumerable<Citation> Citations(string file, string text)
    {
        var own = Path.GetFileName(file) == "failure-rules.md";
        text = NextLine().Replace(text, " ");
        foreach (Match match in Cited().Matches(text))
        {
            var isFailureRule = own || match.Groups["failure"].Success;
            foreach (var number in Numbers(match.Groups["numbers"].Value))
            {
                yield return new(file, isFailureRule, number);
            }
        }

        foreach (Match match in TestName().Matches(text))
        {
            yield return new(file, match.Groups["book"].Value == "Failure", Number(match.Groups["number"].Value));
        }
    }

    private static IEnumerable<int> Numbers(string list) => Part().Matches(list).SelectMany(part =>
    {
        var first = Number(part.Groups["first"].Value);
        var last = part.Groups["last"].Success ? Number(part.Groups["last"].Value) : first;
        return Enumerable.Range(first, Math.Max(last - first, 0) + 1);
    });

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    /// <summary>The end of a line, and what a comment begins the next one with.</summary>
    [GeneratedRegex(@"\r?\n[ \t]*(///?)?[ \t]*", RegexOptions.ExplicitCapture)]
    private static partial Regex NextLine();

    [GeneratedRegex(
        @"\b(?<failure>failure )?rules? (?<numbers>[0-9]+((, and |, or |, | and | or | to |–|-)[0-9]+)*)\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Cited();

    [GeneratedRegex("(?<first>[0-9]+)((–|-| to )(?<last>[0-9]+))?", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    [GeneratedRegex(@"\b(?<book>Failure|Rule)_(?<number>[0-9]+)_", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();

    private sealed record Citation(string File, bool IsFailureRule, int Number);
}
