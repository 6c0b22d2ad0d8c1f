using System.Diagnostics;
using ActorFlow.TestSupport;

namespace ActorFlow.Node.Tests.SampleApplications;

/// <summary>A test that needs a shell and curl.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CurlFactAttribute : FactAttribute
{
    public CurlFactAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "curl"))))
        {
            Skip = "curl is not installed.";
        }
    }

    /// <summary>Runs the sample script against a node.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(Uri node, string run)
    {
        var start = new ProcessStartInfo("sh", [Path.Combine(RepositoryFolder.Root, "src", "ActorFlow.Samples", "curl", "order.sh"), run])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ACTORFLOW_ADDRESS"] = node.ToString().TrimEnd('/');
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
