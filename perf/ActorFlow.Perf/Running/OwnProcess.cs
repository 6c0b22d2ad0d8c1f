using System.Diagnostics;
using System.Text.Json;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Running;

/// <summary>Runs a spec in a fresh process of this program and takes over what it measured.</summary>
internal static class OwnProcess
{
    /// <summary>The hidden option by which such a process knows what it is.</summary>
    public const string Option = "--in-own-process";

    /// <summary>Runs a spec, in as many processes as it wants; a quick run is content with one.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="session">What holds for all specs.</param>
    /// <param name="progress">Where progress is shown.</param>
    /// <exception cref="InvalidOperationException">A process left no result.</exception>
    public static async Task<SpecResult> RunAsync(Spec spec, Session session, Progress progress)
    {
        var results = new List<SpecResult>();
        var processes = session.Quick ? 1 : spec.Processes;
        while (results.Count < processes && results.All(result => !result.Faulted))
        {
            results.Add(await RunOnceAsync(spec, session).ConfigureAwait(false));
            progress.Run();
        }

        return results.Find(result => result.Faulted) ?? SpecResult.Of(results, spec.BarsOn(session.Database));
    }

    private static async Task<SpecResult> RunOnceAsync(Spec spec, Session session)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "result.json");
        try
        {
            string[] quick = session.Quick ? ["--quick"] : [];
            var start = StartOf([Option, spec.Id, "--store", session.Database.Store, "--json", file, .. quick]);
            if (spec.CompilesOnce)
            {
                start.Environment["DOTNET_TieredCompilation"] = "0";
            }

            using var process = Process.Start(start)!;
            using var end = new AtExit(process.Kill);
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.WaitForExitAsync()).ConfigureAwait(false);
            var run = await ResultFile.LoadAsync(file).ConfigureAwait(false);
            return run.Spec(spec.Id) ?? throw new InvalidOperationException($"The process of {spec.Id} measured something else.");
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException)
        {
            throw new InvalidOperationException($"The process of {spec.Id} left no result.", error);
        }
    }

    /// <summary>This program, as another process with arguments of its own; its standard output is read by this one.</summary>
    public static ProcessStartInfo StartOf(params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(OwnProcess).Assembly.Location] : [];
        return new ProcessStartInfo(program, [.. assembly, .. arguments]) { RedirectStandardOutput = true };
    }
}
