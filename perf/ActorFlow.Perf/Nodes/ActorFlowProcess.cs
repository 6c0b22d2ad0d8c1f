using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorFlow.Perf.Nodes;

/// <summary>The <c>actorflow</c> command that was built with this program, run as a process.</summary>
internal static class ActorFlowProcess
{
    private static readonly TimeSpan PublishingLimit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <summary>The repository's root: the nearest folder above this program that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string Name => OperatingSystem.IsWindows() ? "actorflow.exe" : "actorflow";

    /// <summary>The command's program, as it was built.</summary>
    public static string Program { get; } = Find();

    /// <summary>The command as users have it, compiled ahead of time: published on the first call.</summary>
    /// <exception cref="InvalidOperationException">It could not be published, or not within five minutes.</exception>
    public static Task<string> PublishedAsync() => Published.Value;

    /// <summary>Runs the command to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It did not exit with 0.</exception>
    public static Task<string> RunAsync(string directory, params string[] arguments) => RunAsync(Program, directory, arguments);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It did not exit with 0.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and is no more.</exception>
    public static async Task<string> RunAsync(string program, string directory, string[] arguments, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var end = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? await output.ConfigureAwait(false)
            : throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {await error.ConfigureAwait(false)}");
    }

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(Root, "artifacts", "perf", "actorflow");
        string[] arguments =
        [
            "publish", Path.Combine(Root, "src", "ActorFlow.Shell"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained",
            "-p:AheadOfTime=true", "-o", folder, "--nologo", "-v", "quiet", "-nodeReuse:false",
        ];
        using var limit = new CancellationTokenSource(PublishingLimit);
        try
        {
            await RunAsync("dotnet", Root, arguments, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"The command was not published within {PublishingLimit.TotalMinutes:n0} minutes.");
        }

        return Path.Combine(folder, Name);
    }

    private static string Find()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(Root, "src", "ActorFlow.Shell", "bin", configuration, "net10.0", Name);
    }

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "ActorFlow.sln")) ? directory
        : Path.GetDirectoryName(directory) is { } above ? FindRoot(above)
        : throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no checkout of ActorFlow.");
}
