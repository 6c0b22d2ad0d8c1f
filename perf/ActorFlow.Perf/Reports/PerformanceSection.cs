using ActorFlow.Perf.CommandLine;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Reports;

/// <summary>README's performance section: what is between two markers, made of the result files in the repository.</summary>
internal static class PerformanceSection
{
    /// <summary>Where it begins.</summary>
    public const string Begin = "<!-- performance -->";

    /// <summary>Where it ends.</summary>
    public const string End = "<!-- /performance -->";

    /// <summary>Writes it into README.</summary>
    /// <param name="root">The repository's root.</param>
    /// <exception cref="UsageException">README has no place for it, or there are no results.</exception>
    public static async Task WriteAsync(string root)
    {
        var readme = Path.Combine(root, "README.md");
        var text = await File.ReadAllTextAsync(readme).ConfigureAwait(false);
        await File.WriteAllTextAsync(readme, Replace(text, PeerTable.Write(await ResultsAsync(root).ConfigureAwait(false)))).ConfigureAwait(false);
    }

    /// <summary>A text with another section.</summary>
    /// <exception cref="UsageException">It has no place for it.</exception>
    public static string Replace(string readme, string section)
    {
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? $"{readme[..(begin + Begin.Length)]}\n{section}{readme[end..]}"
            : throw new UsageException($"README.md has no lines {Begin} and {End}.");
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
