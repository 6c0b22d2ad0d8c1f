using System.Text.RegularExpressions;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>What README shows is what happens.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_tour_s_workflow_is_valid_and_gives_the_result_that_README_shows()
    {
        using var command = new BuiltCommand();
        command.Write("hello.yaml", Readme.Blocks("yaml").First());
        var line = Shown("actorflow run hello.yaml --input ");
        var input = Regex.Match(line, "--input '(.*)'").Groups[1].Value;
        var expected = Readme.Text[Readme.Text.IndexOf(line, StringComparison.Ordinal)..].Split('\n')[1].TrimStart('#', ' ');

        var valid = await command.RunAsync("validate", "hello.yaml");
        var graph = await command.RunAsync("graph", "hello.yaml", "--format", "mermaid");
        var end = await command.RunAsync("run", "hello.yaml", "--input", input);

        Assert.Equal((0, 0, 0), (valid.ExitCode, graph.ExitCode, end.ExitCode));
        Assert.Equal(expected, end.Out.Trim());
    }

    [Fact]
    public async Task Waiting_asking_and_going_back_do_what_README_shows()
    {
        using var command = new BuiltCommand();
        command.Write("order.yaml", Readme.Blocks("yaml").ElementAt(1));
        var shown = Readme.Blocks("sh").SkipWhile(block => !block.Contains("order.yaml", StringComparison.Ordinal)).Take(3)
            .SelectMany(block => block.Split('\n')).Where(line => line.Length > 0).ToList();
        var waits = new HashSet<string> { "run order.yaml", "fork o7", "rewind o7" };
        string? last = null;
        var runs = 0;
        foreach (var line in shown)
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                Assert.Equal(line[2..], last);
                continue;
            }

            var words = Words().Matches(line.Split("   #")[0]).Select(word => word.Value.Trim('\'', '"')).Skip(1).ToArray();
            var end = await command.RunAsync(words);
            last = end.Out.Trim();
            var isWaiting = waits.Any(beginning => string.Join(' ', words).StartsWith(beginning, StringComparison.Ordinal))
                || (words is ["run", "--id", "o7"] && runs++ == 0);
            Assert.True(end.ExitCode == (isWaiting ? 130 : 0), $"{line}: {end.ExitCode} {end.Error}");
        }

        Assert.Equal(11, shown.Count(line => line.StartsWith("actorflow ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_recording_that_README_imports_is_there_and_what_becomes_of_it_runs()
    {
        using var command = new BuiltCommand();
        var words = Shown("actorflow import wfformat ").Split(' ')[1..];
        words[2] = Path.Combine(Readme.Root, words[2]);

        var imported = await command.RunAsync(words);
        var end = await command.RunAsync(Shown("actorflow run montage.yaml").Split(' ')[1..]);

        Assert.Equal((0, string.Empty), (imported.ExitCode, imported.Out));
        Assert.Equal((0, """{"view":null}"""), (end.ExitCode, end.Out.Trim()));
    }

    [Fact]
    public void The_first_command_names_a_sample_that_is_there()
    {
        var sample = Regex.Match(Shown("dotnet run --project src/ActorFlow.Shell"), @"run (src/ActorFlow\.Samples/\S+)").Groups[1].Value;

        Assert.True(File.Exists(Path.Combine(Readme.Root, sample)), sample);
    }

    private static string Shown(string beginning) =>
        Readme.Text.Split('\n').Single(line => line.StartsWith(beginning, StringComparison.Ordinal));

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
