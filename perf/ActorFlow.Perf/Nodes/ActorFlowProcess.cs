using System.Diagnostics;

namespace ActorFlow.Perf.Nodes;

/// <summary>The <c>actorflow</c> command that was built with this program, run as a process.</summary>
internal static class ActorFlowProcess
{
    /// <summary>The repository's root: the nearest folder above this program that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The command's program.</summary>
    public static string Program { get; } = Find();

    /// <summary>Runs the command to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It did not exit with 0.</exception>
    public static async Task<string> RunAsync(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0
            ? await output.ConfigureAwait(false)
            : throw new InvalidOperationException($"actorflow {string.Join(' ', arguments)}: {await error.ConfigureAwait(false)}");
    }

    private static string Find()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var name = OperatingSystem.IsWindows() ? "actorflow.exe" : "actorflow";
        return Path.Combine(Root, "src", "ActorFlow.Shell", "bin", configuration, "net10.0", name);
    }

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "ActorFlow.sln")) ? directory
        : Path.GetDirectoryName(directory) is { } above ? FindRoot(above)
        : throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no checkout of ActorFlow.");
}
