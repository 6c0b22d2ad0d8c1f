using System.Text.RegularExpressions;

namespace ActorFlow.Architecture.Tests;

public sealed partial class SourceRulesTests
{
    private const int LongestReadme = 20;

    public static TheoryData<string> Projects => [.. Repository.SourceProjects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_says_in_a_short_readme_what_it_is(string project)
    {
        var readme = Repository.PathOf("src", project, "README.md");

        Assert.True(File.Exists(readme), $"src/{project} has no README.md");
        var lines = File.ReadAllLines(readme);
        Assert.Equal($"# {project}", lines[0]);
        Assert.InRange(lines.Length, 3, LongestReadme);
    }

    [Fact]
    public void No_test_waits_for_time_to_pass()
    {
        var files = Repository.CodeFiles("tests").ToList();

        Assert.True(files.Count > 20, $"only {files.Count} files found");
        Assert.All(files, file => Assert.False(Waits().IsMatch(File.ReadAllText(file)), $"{Repository.NameOf(file)} waits for time to pass"));
    }

    [Theory]
    [InlineData("Thread", ".Sleep(1)", true)]
    [InlineData("await Task", ".Delay(TimeSpan.Zero)", true)]
    [InlineData("await Task", ".Delay(Timeout.Infinite, token)", false)]
    [InlineData("await Task", ".Yield()", false)]
    public void Waiting_is_recognized(string type, string call, bool waits) =>
        Assert.Equal(waits, Waits().IsMatch(type + call));

    // An endless delay waits for its token, not for time.
    [GeneratedRegex(@"\b(Thread\s*\.\s*Sleep|Task\s*\.\s*Delay)\s*\((?!\s*Timeout\.Infinite\b)")]
    private static partial Regex Waits();
}
