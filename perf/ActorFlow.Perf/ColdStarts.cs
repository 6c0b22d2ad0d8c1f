using System.Diagnostics;

namespace ActorFlow.Perf;

/// <summary>The command as a process, from its start to its exit.</summary>
internal static class ColdStarts
{
    private const int Rounds = 5;

    private const string OneTask =
        """
        name: one
        tasks:
          hello: { uses: echo, with: { text: hello } }
        """;

    /// <summary>Measures.</summary>
    public static async IAsyncEnumerable<Measured> MeasureAsync()
    {
        var directory = Directory.CreateTempSubdirectory("actorflow-perf-").FullName;
        var file = Path.Combine(directory, "one.yaml");
        await File.WriteAllTextAsync(file, OneTask).ConfigureAwait(false);
        try
        {
            yield return await MeasureAsync(new("actorflow --version", "s", 0.15), directory, "--version").ConfigureAwait(false);
            yield return await MeasureAsync(new("actorflow validate FILE", "s", 0.4), directory, "validate", file).ConfigureAwait(false);
            yield return await MeasureAsync(new("actorflow run FILE (one task)", "s", 2), directory, "run", file, "--quiet").ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Measured> MeasureAsync(Bar bar, string directory, params string[] arguments)
    {
        var values = new List<double>();
        await Command.RunAsync(directory, arguments).ConfigureAwait(false);
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await Command.RunAsync(directory, arguments).ConfigureAwait(false);
            values.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        return new(bar, values);
    }
}
