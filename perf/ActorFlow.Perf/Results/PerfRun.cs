using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace ActorFlow.Perf.Results;

/// <summary>One run of the command: when, where, and what each spec came to. The result file, a baseline and a report are this.</summary>
internal sealed record PerfRun
{
    /// <summary>The version of the file's format; it only ever gains fields.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedUtc { get; init; }

    /// <summary>The commit that was built; none: unknown.</summary>
    public string? Commit { get; init; }

    /// <summary>The word of <c>--store</c>.</summary>
    public required string Store { get; init; }

    /// <summary>When a commit of that store counts.</summary>
    public required string Durability { get; init; }

    /// <summary>Whether it was a quick run.</summary>
    public bool Quick { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Host { get; init; }

    /// <summary>The specs, in the order in which they ran.</summary>
    public required IReadOnlyList<SpecResult> Specs { get; init; }

    /// <summary>A spec by its id; none: it is not in this run.</summary>
    public SpecResult? Spec(string id) => Specs.FirstOrDefault(spec => spec.Id == id);

    /// <summary>The machine and the store in a line.</summary>
    [JsonIgnore]
    public string MachineLine =>
        $"{Host.Cpus} processors{(Host.Processor is { } processor ? $" ({processor})" : "")}, {Host.Os}, .NET {Host.Dotnet}, {(Host.ServerGc ? "server" : "workstation")} GC; {Durability}{(Quick ? "; quick" : "")}";
}

/// <summary>The machine that a run was on.</summary>
/// <param name="Os">The operating system.</param>
/// <param name="Cpus">How many processors.</param>
/// <param name="Dotnet">The version of .NET.</param>
/// <param name="ServerGc">Whether the garbage collector is the server's.</param>
internal sealed record MachineInfo(string Os, int Cpus, string Dotnet, bool ServerGc)
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>This machine.</summary>
    public static MachineInfo Here { get; } =
        new(RuntimeInformation.OSDescription, Environment.ProcessorCount, Environment.Version.ToString(), GCSettings.IsServerGC)
        {
            Processor = ProcessorHere(),
        };

    /// <summary>What the processor calls itself; none: the system does not say.</summary>
    public string? Processor { get; init; }

    private static string? ProcessorHere() => !File.Exists(ProcessorFile)
        ? null
        : File.ReadLines(ProcessorFile)
            .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault();

    /// <summary>The commit that a folder is at; none: it cannot be told.</summary>
    public static string? CommitOf(string folder)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var commit = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? commit : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
