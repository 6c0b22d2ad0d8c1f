using System.Globalization;
using System.Text;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Reports;

/// <summary>Runs beside what peers were measured to, as Markdown.</summary>
internal static class PeerTable
{
    private const string Command = "dotnet run --project perf/ActorFlow.Perf -c Release --";
    private const string None = "–";

    /// <summary>The table, and three sentences on it: README's section.</summary>
    /// <param name="runs">A run for each store.</param>
    public static string Write(IReadOnlyList<PerfRun> runs)
    {
        var rows = PeerFigure.All.Select(figure => new Row(figure, [.. runs.Where(run => figure.InMemory == (run.Store == MemoryDatabase.Word))])).ToList();
        var text = new StringBuilder();
        text.Append("| | | SQLite | PostgreSQL | best peer | better | bar | |\n|---|---|---:|---:|---:|---:|---|---|\n");
        rows.ForEach(row => text.Append(row.Line()));
        text.Append("\nMedians of five rounds, each spec warmed up first, beside the best of Restate 1.7, Orleans (workflows made by hand) and DBOS 5.3 for the same work, durable but for P8. ");
        text.Append(CultureInfo.InvariantCulture, $"A ratio holds within one session only: \"better\" is how many times ours was better when both were measured side by side ({PeerFigure.Session}; ± 20 %), and below 1 the peer was ahead; \"–\" means that they never were. ");
        var slower = rows.SelectMany(row => row.Slower()).ToList();
        text.Append(slower.Count == 0 ? "In nothing of this is ActorFlow slower than a peer. " : $"**Slower than a peer**: {string.Join("; ", slower)}. ");
        return text.Append($"Machine, store, commit and commands of these figures, and everything else that was measured, are in the [performance log]({PerformanceSection.Log}).\n").ToString();
    }

    /// <summary>Where the figures of the table come from, and how they are measured again: the section of the performance log.</summary>
    /// <param name="runs">A run for each store.</param>
    public static string WriteOrigin(IReadOnlyList<PerfRun> runs)
    {
        var text = new StringBuilder();
        foreach (var run in runs)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {run.Store}: {run.MachineLine}; {(run.Commit is { } commit ? $"commit {commit}, " : "")}{run.CreatedUtc:yyyy-MM-dd}\n");
        }

        text.Append($"\n```sh\n{Command} --json perf/results/sqlite.json        # everything; --filter peers: this table only\n");
        text.Append($"{Command} --store postgres --json perf/results/postgres.json\n{Command} --filter peers --store memory --json perf/results/memory.json\n");
        return text.Append($"{Command} --readme                                 # this section, and README's, from these files\n```\n").ToString();
    }

    private static string NameOf(PerfRun run) => run.Store switch { "sqlite" => "SQLite", "postgres" => "PostgreSQL", _ => "in memory" };

    // One figure, in the runs that it is about.
    private sealed class Row(PeerFigure figure, IReadOnlyList<PerfRun> runs)
    {
        private readonly IReadOnlyList<(PerfRun Run, SpecResult Spec, MetricResult Metric)> _measured =
        [
            .. from run in runs
               let spec = run.Spec(figure.Spec)
               let metric = spec?.Metric(figure.Metric)
               where metric is not null
               select (run, spec, metric),
        ];

        private (string Name, double Value)? Best => _measured.Count == 0 ? null : figure.Best(_measured[0].Metric.MoreIsBetter);

        public string Line()
        {
            var best = Best is { } peer ? $"{Value(peer.Value, _measured[0].Metric)} {peer.Name}" : None;
            var better = Best is null || figure.Ours is null ? None : string.Join(" / ", _measured.Select(one => Times(InSession(one.Run), one.Metric)));
            var bars = _measured.SelectMany(one => one.Spec.Bars.Where(bar => bar.Metric == figure.Metric)).ToList();
            return $"| {figure.Workload} | {figure.Work} | {Cell(figure.InMemory ? MemoryDatabase.Word : "sqlite")} | {(figure.InMemory ? "" : Cell("postgres"))} | {best} | {better} " +
                $"| {Once(bars.Select(bar => bar.Message))} | {Once(bars.Select(bar => bar.Passed ? "met" : "**missed**"))} |\n";
        }

        public IEnumerable<string> Slower() =>
            from one in _measured
            where Best is not null && Ratio(InSession(one.Run) ?? one.Metric.Median, one.Metric) < 1
            select $"{figure.Workload}, {figure.Work} ({NameOf(one.Run)}: {Value(InSession(one.Run) ?? one.Metric.Median, one.Metric)}; {Best!.Value.Name}: {Value(Best.Value.Value, one.Metric)})";

        private string Cell(string store) =>
            _measured.FirstOrDefault(one => one.Run.Store == store) is { Metric: { } metric }
                ? $"{Value(metric.Median, metric)}{(metric.Values.Count == 1 ? " (1 round)" : "")}{(figure.InMemory ? " in memory" : "")}"
                : None;

        // Null means that ours was not measured beside the peers.
        private double? InSession(PerfRun run) => run.Store == "postgres" ? figure.Ours?.Postgres : figure.Ours?.Sqlite;

        private string Times(double? ours, MetricResult metric) => Ratio(ours!.Value, metric) switch
        {
            < 1 and var ratio => $"**{ratio.ToString("0.0#", CultureInfo.InvariantCulture)}**",
            var ratio => ratio.ToString(ratio < 10 ? "0.0" : "0", CultureInfo.InvariantCulture),
        };

        private double Ratio(double ours, MetricResult metric) => metric.MoreIsBetter ? ours / Best!.Value.Value : Best!.Value.Value / ours;

        private static string Value(double value, MetricResult metric) => $"{Figure.Format(value)} {metric.Unit}".TrimEnd();

        private static string Once(IEnumerable<string> words) => string.Join(" / ", words.Distinct());
    }
}
