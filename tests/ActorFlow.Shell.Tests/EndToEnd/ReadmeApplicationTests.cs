using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The application that README shows, and its tests: made, built and run as shown, from packages, in folders outside the solution.</summary>
public sealed partial class ReadmeApplicationTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-readme-");

    // NuGet keeps a package by its version: what another build has left must not be taken for this one.
    private readonly string _version = $"0.1.0-test.{Guid.NewGuid():n}";

    private string _folder;

    public ReadmeApplicationTests() => _folder = _directory.CreateSubdirectory("ActorFlow").FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void An_application_from_packages_hosts_a_node_with_a_handler_of_its_own_and_is_tested_in_virtual_time()
    {
        var blocks = new Queue<string>(Readme.Blocks("*", after: "**In your own application**"));
        RunLines(blocks.Dequeue());
        Assert.All(Projects(), CheckPackage);
        Save("shop/nuget.config", blocks.Dequeue());
        RunLines(blocks.Dequeue());
        Save("shop/Orders/appsettings.json", blocks.Dequeue());
        Save("shop/Orders/Program.cs", blocks.Dequeue());
        var start = blocks.Dequeue();
        var expected = Lines(start)[^1].TrimStart('#', ' ');

        var first = RunLines(start);
        var second = Run("dotnet run --no-build -c Release");

        Assert.Contains(expected, Lines(first));
        Assert.Contains(expected, Lines(second));
        Assert.DoesNotContain("error", first + second, StringComparison.OrdinalIgnoreCase);
        Assert.True(Directory.Exists(Path.Combine(_folder, "orders-data")), "appsettings.json was not read.");

        RunLines(blocks.Dequeue());
        Save("shop/Orders.Tests/OrderTests.cs", blocks.Dequeue());
        Assert.Matches("Passed:\\s+1,", RunLines(blocks.Dequeue()));
    }

    [Fact]
    public void README_names_the_version_of_the_packages_that_is_tested()
    {
        var pins = File.ReadAllText(Path.Combine(Readme.Root, "Directory.Packages.props"));
        var own = $"<Version>{Regex.Match(File.ReadAllText(Path.Combine(Readme.Root, "Directory.Build.props")), "<Version>(.+)</Version>").Groups[1]}</Version>";
        var shown = AddPackage().Matches(Readme.Text);

        Assert.NotEmpty(shown);
        Assert.All(shown, match => Assert.Contains(
            match.Groups["name"].Value.StartsWith("ActorFlow.", StringComparison.Ordinal)
                ? $"<Version>{match.Groups["version"]}</Version>"
                : $"Include=\"{match.Groups["name"]}\" Version=\"{match.Groups["version"]}\"",
            own + pins,
            StringComparison.Ordinal));
    }

    private static IEnumerable<string> Projects() => Directory.GetFiles(Path.Combine(Readme.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Where(file => !File.ReadAllText(file).Contains("<IsPackable>false</IsPackable>", StringComparison.Ordinal));

    /// <summary>A package says what it is, and depends on what its project refers to itself.</summary>
    private void CheckPackage(string project)
    {
        var document = XDocument.Load(project);
        var isTool = document.Descendants("PackAsTool").Any();
        var id = isTool ? document.Descendants("AssemblyName").Single().Value : Path.GetFileNameWithoutExtension(project);
        var file = Path.Combine(_folder, "artifacts", $"{id}.{_version}.nupkg");
        using var package = ZipFile.OpenRead(file);
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string? Of(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

        Assert.Equal(("Apache-2.0", "README.md", "icon.png"), (Of("license"), Of("readme"), Of("icon")));
        Assert.All(["README.md", "icon.png"], name => Assert.NotNull(package.GetEntry(name)));
        Assert.Contains("workflow", Of("tags"), StringComparison.Ordinal);
        Assert.NotEqual("Package Description", Of("description"));
        Assert.Contains(metadata.Elements(), element => element.Name.LocalName == "repository");
        Assert.True(isTool || File.Exists(Path.ChangeExtension(file, ".snupkg")), $"{id} has no symbols.");

        var direct = document.Descendants("PackageReference").Where(reference => reference.Attribute("PrivateAssets") is null).Concat(document.Descendants("ProjectReference"))
            .Select(reference => reference.Attribute("Include")!.Value).Select(name => name.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(name) : name);
        Assert.Equal(
            isTool ? [] : direct.Order(StringComparer.Ordinal),
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private void Save(string path, string text) => File.WriteAllText(Path.Combine(_directory.FullName, path), text);

    /// <summary>Runs the lines of a block; gives what they wrote.</summary>
    private string RunLines(string block) => string.Concat(Lines(block).Where(line => !line.StartsWith('#')).Select(Run));

    /// <summary>Runs a line of README as a new user would; but the packages are made of what was built already, in a version of their own.</summary>
    private string Run(string line)
    {
        var words = line.Split(' ');
        if (words[0] == "cd")
        {
            _folder = Path.GetFullPath(Path.Combine(_folder, words[1]));
            return string.Empty;
        }

        Assert.Equal("dotnet", words[0]);
        words = [.. words[1..].Select(word => word switch { "Release" => Configuration, "0.1.0" => _version, _ => word })];
        return words[0] == "pack"
            ? Start(Readme.Root, [.. words.Select(word => word == "artifacts" ? Path.Combine(_folder, word) : word), "--no-build", $"-p:PackageVersion={_version}"])
            : Start(_folder, words);
    }

    private string Start(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // What was downloaded already is taken from where it is; what these packages need besides goes with this folder.
        start.Environment["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } packages
            ? packages
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_directory.FullName, "packages");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {process.ExitCode}\n{output}\n{errors.Result}");
        return output;
    }

    [GeneratedRegex("dotnet add \\S+ package (?<name>\\S+) --version (?<version>\\S+)")]
    private static partial Regex AddPackage();
}
