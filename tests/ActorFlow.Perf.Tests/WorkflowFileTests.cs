using System.Text.RegularExpressions;
using ActorFlow.Perf.CommandLine;
using ActorFlow.Perf.Nodes;
using YamlDotNet.RepresentationModel;

namespace ActorFlow.Perf.Tests;

/// <summary>What GitHub runs, and what else calls the program.</summary>
public sealed partial class WorkflowFileTests
{
    private static readonly YamlMappingNode Workflow = Load();

    private static IEnumerable<YamlMappingNode> Jobs => ((YamlMappingNode)Workflow["jobs"]).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Steps => Jobs.SelectMany(job => (YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>();

    [Fact]
    public async Task The_base_is_saved_and_the_pull_request_held_against_it()
    {
        var calls = Steps.Select(step => Text(step, "run")).OfType<string>().SelectMany(Calls).ToList();

        Assert.Equal(2, calls.Count);
        var (before, after) = (await ReadAsync(calls[0]), await ReadAsync(calls[1]));
        Assert.Equal((true, true), (before.Quick, after.Quick));
        Assert.Equal(("base", "base"), (before.Save, after.Compare));
        Assert.EndsWith("report/perf.md", Assert.Single(after.Reports));
    }

    [Theory]
    [InlineData(".ci/run", 1)]
    [InlineData("README.md", 0)]
    [InlineData("docs/performance-log.md", 4)]
    [InlineData("CONTRIBUTING.md", 4)]
    [InlineData("perf/README.md", 1)]
    public async Task Every_command_that_is_written_down_is_understood(string file, int atLeast)
    {
        var calls = Calls(await File.ReadAllTextAsync(Path.Combine(ActorFlowProcess.Root, file))).ToList();

        Assert.InRange(calls.Count, atLeast, 20);
        foreach (var call in calls)
        {
            await ReadAsync(call);
        }
    }

    [Fact]
    public void Only_the_job_that_runs_nothing_of_the_pull_request_may_write()
    {
        Assert.Empty(((YamlMappingNode)Workflow["permissions"]).Children);
        foreach (var job in Jobs)
        {
            var permission = Assert.Single(((YamlMappingNode)job["permissions"]).Children);
            var runsCode = ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>().Any(step => Text(step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true);
            Assert.Equal(runsCode ? ("contents", "read") : ("pull-requests", "write"), (permission.Key.ToString(), permission.Value.ToString()));
        }
    }

    [Fact]
    public void Actions_are_pinned_and_scripts_hold_no_expression()
    {
        Assert.All(Steps.Select(step => Text(step, "uses")).OfType<string>(), action => Assert.Matches("^actions/[a-z-]+@[0-9a-f]{40}$", action));
        Assert.All(Steps.Select(step => Text(step, "run")).OfType<string>(), script => Assert.DoesNotContain("${{", script));
    }

    private static YamlMappingNode Load()
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(Path.Combine(ActorFlowProcess.Root, ".github", "workflows", "perf.yml"));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    // Up to a comment, the end of a quotation, or what the shell does next.
    private static IEnumerable<string[]> Calls(string text) =>
        Call().Matches(text).Select(match => match.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static async Task<PerfOptions> ReadAsync(string[] arguments)
    {
        PerfOptions? read = null;
        var error = new StringWriter();
        var exit = await PerfCommand.InvokeAsync(arguments, TextWriter.Null, error, options =>
        {
            read = options;
            return Task.FromResult(0);
        });
        Assert.True(exit == 0, $"{string.Join(' ', arguments)}: {error}");
        return read ?? new() { Store = "sqlite" };
    }

    [GeneratedRegex(@"dotnet run [^\n`]*--project perf/ActorFlow\.Perf[^\n`]*? --(?<arguments>( [^\n`#|&;]*)?)(?=$|[\n`#|&;])", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
