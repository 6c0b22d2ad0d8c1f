using System.Collections.Immutable;
using System.Globalization;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Persistence.Sqlite.Checking;

/// <summary>Collects what cannot be read; of a great deal, the first and how much more.</summary>
internal sealed class Findings
{
    private const int Most = 20;
    private const string RunPrefix = "wf-";

    private readonly SortedDictionary<string, List<string>> _runs = new(StringComparer.Ordinal);
    private readonly List<string> _others = [];

    public ImmutableArray<DamagedRun> Runs => [.. _runs.Select(run => new DamagedRun(run.Key, First(run.Value)))];

    public ImmutableArray<string> Others => First(_others);

    /// <summary>Whether an id of the journal is that of a run, and not of an actor of the cluster's own.</summary>
    public static bool IsRun(string persistenceId) => persistenceId.StartsWith(RunPrefix, StringComparison.Ordinal);

    public void Add(string problem) => _others.Add(OneLine.Of(problem));

    public void Add(string persistenceId, string problem)
    {
        if (!IsRun(persistenceId))
        {
            Add($"{persistenceId}: {problem}");
            return;
        }
        var run = persistenceId[RunPrefix.Length..];
        if (!_runs.TryGetValue(run, out var problems))
        {
            _runs.Add(run, problems = []);
        }
        problems.Add(OneLine.Of(problem));
    }

    private static ImmutableArray<string> First(List<string> problems) => problems.Count <= Most
        ? [.. problems]
        : [.. problems.Take(Most), string.Create(CultureInfo.InvariantCulture, $"and {problems.Count - Most} more")];
}
