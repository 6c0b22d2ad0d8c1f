using System.Text.RegularExpressions;

namespace ActorFlow.Core.Tests.Docs;

/// <summary>A book under <c>docs</c>: its examples, its tables and its numbered rules.</summary>
internal sealed partial class Book
{
    private readonly string[] _lines;

    private Book(string name) => _lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", name));

    public static Book Language { get; } = new("language.md");

    public static Book FailureRules { get; } = new("failure-rules.md");

    /// <summary>The numbers of the rules, in the order in which they stand: each is a heading such as <c>### 7. Fan-out</c>.</summary>
    public int[] Rules =>
        [.. Lines().Select(line => RuleHeading().Match(line.Text)).Where(match => match.Success).Select(match => int.Parse(match.Groups["number"].Value, null))];

    /// <summary>The fenced blocks: their information string, the line they begin in, their text.</summary>
    public IEnumerable<(string Info, int Line, string Text)> Blocks()
    {
        for (var i = 0; i < _lines.Length; i++)
        {
            if (!_lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(_lines, "```", i + 1);
            yield return (_lines[i][3..], i + 1, string.Join('\n', _lines[(i + 1)..end]));
            i = end;
        }
    }

    /// <summary>What stands in backticks in the first cells of the tables between a heading and the next one.</summary>
    public string[] FirstCells(string heading)
    {
        var all = Lines().ToArray();
        var start = Array.FindIndex(all, line => line.Text.TrimStart('#') == " " + heading && line.Text.StartsWith('#'));
        Assert.True(start >= 0, $"no heading '{heading}'");
        return
        [
            .. all.Skip(start + 1)
                .TakeWhile(line => !line.Text.StartsWith('#'))
                .Where(line => line.Text.StartsWith("| `", StringComparison.Ordinal))
                .SelectMany(line => Code().Matches(line.Text.Split(" |")[0]))
                .Select(match => match.Groups["word"].Value),
        ];
    }

    /// <summary>Whether the word stands somewhere in backticks.</summary>
    public bool Says(string word) => Lines().Any(line => line.Text.Contains($"`{word}`", StringComparison.Ordinal));

    /// <summary>The lines outside fenced blocks.</summary>
    private IEnumerable<(int Number, string Text)> Lines()
    {
        var isFenced = false;
        for (var i = 0; i < _lines.Length; i++)
        {
            if (_lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                isFenced = !isFenced;
            }
            else if (!isFenced)
            {
                yield return (i + 1, _lines[i]);
            }
        }
    }

    [GeneratedRegex(@"^### (?<number>[0-9]+)\. \S", RegexOptions.ExplicitCapture)]
    private static partial Regex RuleHeading();

    [GeneratedRegex("`(?<word>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();
}
