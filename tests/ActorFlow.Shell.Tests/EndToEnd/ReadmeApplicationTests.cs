using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The application that README shows: made, built and run as shown, in a folder of its own outside the solution.</summary>
public sealed partial class ReadmeApplicationTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-readme-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void An_application_outside_the_solution_hosts_a_node_with_a_handler_of_its_own()
    {
        var blocks = Readme.Blocks("*", after: "**In your own application**").Take(3).ToList();
        foreach (var line in Lines(blocks[0]))
        {
            Run(line);
        }

        File.WriteAllText(Path.Combine(_directory.FullName, "Orders", "Program.cs"), blocks[1]);
        var (start, expected) = (Lines(blocks[2])[0], Lines(blocks[2])[1].TrimStart('#', ' '));
        var first = Run(start.Replace("Release", Configuration, StringComparison.Ordinal));
        var second = Run(start.Replace("-c Release", $"-c {Configuration} --no-build", StringComparison.Ordinal));

        Assert.Contains(expected, Lines(first));
        Assert.Contains(expected, Lines(second));
        Assert.DoesNotContain("error", first + second, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void README_names_the_version_of_the_packages_that_is_tested()
    {
        var packages = File.ReadAllText(Path.Combine(Readme.Root, "Directory.Packages.props"));
        var shown = AddPackage().Matches(Readme.Text);

        Assert.NotEmpty(shown);
        Assert.All(shown, match => Assert.Contains($"Include=\"{match.Groups["name"]}\" Version=\"{match.Groups["version"]}\"", packages, StringComparison.Ordinal));
    }

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>Runs a line of README as a new user would, but for where the application lies.</summary>
    private string Run(string line)
    {
        var words = line.Replace("../Orders", "Orders", StringComparison.Ordinal).Replace("src/", Readme.Root + "/src/", StringComparison.Ordinal).Split(' ');
        Assert.Equal("dotnet", words[0]);
        var start = new ProcessStartInfo("dotnet", words[1..])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{line}: {process.ExitCode}\n{output}\n{errors.Result}");
        return output;
    }

    [GeneratedRegex("dotnet add \\S+ package (?<name>\\S+) --version (?<version>\\S+)")]
    private static partial Regex AddPackage();
}
