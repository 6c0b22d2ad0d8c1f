using ActorFlow.Perf.CommandLine;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Reports;

/// <summary>
/// What README and the performance log say of the result files in the repository: in each what is between two markers.
/// </summary>
internal static class PerformanceSection
{
    /// <summary>Where it begins.</summary>
    public const string Begin = "<!-- performance -->";

    /// <summary>Where it ends.</summary>
    public const string End = "<!-- /performance -->";

    /// <summary>The performance log, from the repository's root.</summary>
    public const string Log = "docs/performance-log.md";

    /// <summary>Writes both.</summary>
    /// <param name="root">The repository's root.</param>
    /// <exception cref="UsageException">One of them has no place for it, or there are no results.</exception>
    public static async Task WriteAsync(string root)
    {
        var (readme, log) = (Path.Combine(root, "README.md"), Path.Combine(root, Log));
        var runs = await ResultsAsync(root).ConfigureAwait(false);
        var newReadme = Replace(await File.ReadAllTextAsync(readme).ConfigureAwait(false), PeerTable.Write(runs));
        var newLog = Replace(await File.ReadAllTextAsync(log).ConfigureAwait(false), PeerTable.WriteOrigin(runs));
        await File.WriteAllTextAsync(readme, newReadme).ConfigureAwait(false);
        await File.WriteAllTextAsync(log, newLog).ConfigureAwait(false);
    }

    /// <summary>A text with another section.</summary>
    /// <exception cref="UsageException">It has no place for it.</exception>
    public static string Replace(string text, string section)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? $"{text[..(begin + Begin.Length)]}\n{section}{text[end..]}"
            : throw new UsageException($"There are no lines {Begin} and {End} to write between, in README.md or in {Log}.");
    }

    /// <summary>The results in the repository, one run for each store that has any.</summary>
    /// <param name="root">The repository's root.</param>
    /// <exception cref="UsageException">There are none, or a file is of another store than it says.</exception>
    public static async Task<IReadOnlyList<PerfRun>> ResultsAsync(string root)
    {
        var runs = new List<PerfRun>();
        foreach (var store in Databases.Stores)
        {
            var file = Path.Combine(root, "perf", "results", $"{store}.json");
            if (File.Exists(file))
            {
                var run = await LoadAsync(file, store).ConfigureAwait(false);
                runs.Add(run.Store == store ? run : throw new UsageException($"perf/results/{store}.json is of the store {run.Store}."));
            }
        }

        return runs.Count > 0 ? runs : throw new UsageException("There is nothing in perf/results (--json perf/results/sqlite.json makes it).");
    }

    private static async Task<PerfRun> LoadAsync(string file, string store)
    {
        try
        {
            return await ResultFile.LoadAsync(file).ConfigureAwait(false);
        }
        catch (Exception unreadable) when (ResultFile.IsUnreadable(unreadable))
        {
            throw new UsageException($"perf/results/{store}.json cannot be read: {unreadable.Message}");
        }
    }
}
