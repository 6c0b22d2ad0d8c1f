using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace ActorFlow.Architecture.Tests;

/// <summary>Runs <c>build.ps1</c> in this process: there need be no PowerShell on the machine.</summary>
public sealed class BuildScriptTests
{
    private static readonly string Script = Repository.PathOf("build.ps1");

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    [Fact]
    public void It_parses_without_errors()
    {
        Parser.ParseFile(Script, out _, out var errors);

        Assert.Empty(errors.Select(error => $"{error.Extent.StartLineNumber}:{error.Extent.StartColumnNumber} {error.Message}"));
    }

    [Theory]
    [InlineData("build", "build {root}/ActorFlow.sln --nologo -c Release")]
    [InlineData("test", "test {root}/ActorFlow.sln --nologo --logger trx --results-directory {root}/artifacts/test-results -c Release")]
    [InlineData("format", "format {root}/ActorFlow.sln")]
    [InlineData("pack", "pack {root}/ActorFlow.sln --nologo --output {root}/artifacts -c Release")]
    [InlineData("perf", "run --project {root}/perf/ActorFlow.Perf -c Release --")]
    [InlineData("run", "run --project {root}/src/ActorFlow.Shell -c Release --")]
    public void Each_target_is_one_dotnet_command(string target, string expected)
    {
        // In a copy: the target "test" empties a directory beside the script.
        var directory = Directory.CreateTempSubdirectory("actorflow-");
        try
        {
            var copy = Path.Combine(directory.FullName, "build.ps1");
            File.Copy(Script, copy);

            var output = Run(copy, dotnet: "$global:LASTEXITCODE = 0; 'dotnet ' + ($args -join ' ')", target);

            Assert.Contains("dotnet " + expected.Replace("{root}", directory.FullName).Replace('/', Path.DirectorySeparatorChar), output);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_target_test_adds_up_what_all_assemblies_report()
    {
        var directory = Directory.CreateTempSubdirectory("actorflow-");
        try
        {
            var copy = Path.Combine(directory.FullName, "build.ps1");
            File.Copy(Script, copy);
            const string reports = """
                $global:LASTEXITCODE = 0
                $directory = $args[[Array]::IndexOf($args, '--results-directory') + 1]
                foreach ($passed in 3, 4) {
                    $counters = "<Counters total='$($passed + 3)' executed='$($passed + 2)' passed='$passed' failed='2' />"
                    [IO.File]::WriteAllText([IO.Path]::Combine($directory, "$passed.trx"), "<TestRun><ResultSummary>$counters</ResultSummary></TestRun>")
                }
                """;

            Assert.Equal(["Total: 7 passed, 4 failed, 2 skipped"], Run(copy, reports, "test"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_dotnet_command_that_fails_fails_the_script()
    {
        var error = Assert.ThrowsAny<RuntimeException>(() => Run(Script, dotnet: "$global:LASTEXITCODE = 7", "build"));

        Assert.Contains("dotnet build ended with exit code 7", error.Message);
    }

    [Fact]
    public void An_unknown_target_is_refused_with_the_known_ones()
    {
        var error = Assert.ThrowsAny<RuntimeException>(() => Run(Script, dotnet: "", "deploy"));

        Assert.Contains("build,test,format,pack,perf,run", error.Message);
    }

    [Fact]
    public void The_target_run_runs_the_command_of_this_build()
    {
        var output = Run(Script, dotnet: null, "run", "-Configuration", Configuration, "-NoBuild", "--version");

        Assert.Matches(@"^\d+\.\d+\.\d+$", Assert.Single(output));
    }

    /// <param name="script">The script to run.</param>
    /// <param name="dotnet">The body of a function that stands in for dotnet; none: dotnet itself.</param>
    /// <param name="target">The target.</param>
    /// <param name="arguments">The rest of the command line.</param>
    private static List<string> Run(string script, string? dotnet, string target, params string[] arguments)
    {
        var session = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            session.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Unrestricted;
        }

        if (dotnet is not null)
        {
            session.Commands.Add(new SessionStateFunctionEntry("dotnet", dotnet));
        }

        using var runspace = RunspaceFactory.CreateRunspace(session);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        var line = string.Join(' ', arguments.Select(argument => argument.StartsWith('-') && !argument.StartsWith("--", StringComparison.Ordinal) ? argument : $"'{argument}'"));
        shell.AddScript($"$ErrorActionPreference = 'Stop'; & '{script.Replace("'", "''", StringComparison.Ordinal)}' '{target}' {line}");
        return [.. shell.Invoke().Select(value => value.ToString())];
    }
}
