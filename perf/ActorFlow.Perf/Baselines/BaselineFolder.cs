using System.Text.RegularExpressions;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Baselines;

/// <summary>Runs that were saved under a name: <c>NAME.json</c> each.</summary>
/// <param name="path">The folder.</param>
internal sealed partial class BaselineFolder(string path)
{
    /// <summary>Whether a name can be one.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>The file of a name.</summary>
    public string FileOf(string name) => Path.Combine(path, $"{name}.json");

    /// <summary>All runs that were saved, by name, oldest first; a file that is no run is left out.</summary>
    public async Task<IReadOnlyList<(string Name, PerfRun Run)>> AllAsync()
    {
        var all = new List<(string Name, PerfRun Run)>();
        foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path, "*.json") : [])
        {
            try
            {
                all.Add((Path.GetFileNameWithoutExtension(file), await ResultFile.LoadAsync(file).ConfigureAwait(false)));
            }
            catch (Exception unreadable) when (ResultFile.IsUnreadable(unreadable))
            {
                // Somebody else's file: a trend can do without it.
            }
        }

        return [.. all.OrderBy(baseline => baseline.Run.CreatedUtc)];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
