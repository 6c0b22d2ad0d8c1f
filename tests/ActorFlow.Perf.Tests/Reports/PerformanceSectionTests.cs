using System.Text.RegularExpressions;
using ActorFlow.Perf.CommandLine;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Reports;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests.Reports;

public sealed class PerformanceSectionTests
{
    [Fact]
    public async Task README_and_the_performance_log_say_what_the_result_files_say()
    {
        var runs = await PerformanceSection.ResultsAsync(ActorFlowProcess.Root);
        var readme = await File.ReadAllTextAsync(Path.Combine(ActorFlowProcess.Root, "README.md"));
        var log = await File.ReadAllTextAsync(Path.Combine(ActorFlowProcess.Root, PerformanceSection.Log));

        Assert.Equal(PerformanceSection.Replace(readme, PeerTable.Write(runs)), readme);
        Assert.Equal(PerformanceSection.Replace(log, PeerTable.WriteOrigin(runs)), log);
    }

    [Fact]
    public void Every_workload_that_peers_were_measured_with_is_a_row_of_a_spec_that_is_there()
    {
        var specs = Spec.In(typeof(Spec).Assembly).Select(spec => spec.Id).ToHashSet();

        Assert.Equal(["P1", "P2", "P3", "P4", "P5", "P6", "P8"], PeerFigure.All.Select(figure => figure.Workload).Distinct());
        Assert.All(PeerFigure.All, figure => Assert.Contains(figure.Spec, specs));
    }

    [Fact]
    public void A_row_has_both_stores_the_best_peer_how_many_times_better_and_the_bars()
    {
        var rows = Rows(Run("sqlite", 2.78, 5), Run("postgres", 27.8, 8));

        Assert.Equal("| P1 | 10 steps in a row, alone | 2.78 ms | 27.8 ms | 8.40 ms Orleans | 4.7 / 2.8 | ≤ 5 ms / ≤ 8 ms | met / **missed** |", rows[0]);
        Assert.Equal("| P4 | one step, 100 at once: runs | – | – | – | – |  |  |", rows.Single(row => row.StartsWith("| P4", StringComparison.Ordinal)));
        Assert.All(rows, row => Assert.Equal(9, row.Count(character => character == '|')));
    }

    [Fact]
    public void It_says_where_a_peer_is_ahead()
    {
        // Within the session of the peers it is ahead nowhere; what was never measured beside them is compared as it stands.
        Assert.Contains("In nothing of this is ActorFlow slower than a peer.", PeerTable.Write([Run("sqlite", 2.78, 5), Run("postgres", 27.8, 8)]));
        var memory = Sample.Run(Sample.Spec("P8", Sample.Metric("tasks/s", MetricKind.Throughput, 54_000))) with { Store = "memory" };
        Assert.Contains("**Slower than a peer**: P8, 10 steps in a row, 1,000 at once, nothing durable: steps (in memory: 54,000 /s; loop over a dictionary: 108,000 /s). ", PeerTable.Write([memory]));
        Assert.Contains("In nothing of this is ActorFlow slower than a peer.", PeerTable.Write([Run("sqlite", 2.78, 5)]));
    }

    [Fact]
    public void Machine_store_durability_commit_and_date_are_told() =>
        Assert.Contains("- sqlite: 2 processors, Some OS, .NET 10.0.1, workstation GC; SQLite, WAL, synchronous=FULL; commit abc1234, 2026-01-02\n", PeerTable.WriteOrigin([Run("sqlite", 1, 5)]));

    [Fact]
    public void A_figure_of_one_round_says_so_and_one_in_memory_has_no_store()
    {
        var once = Sample.Run(Sample.Spec("P8", Sample.Metric("tasks/s", MetricKind.Throughput, 54_000))) with { Store = "memory" };

        Assert.Contains(Rows(once), row => row.Contains("| 54,000 /s (1 round) in memory |  | 108,000 /s loop over a dictionary | – |", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no markers")]
    [InlineData("<!-- /performance --> <!-- performance -->")]
    public void A_text_without_a_place_for_it_is_refused(string readme) =>
        Assert.Throws<UsageException>(() => PerformanceSection.Replace(readme, "x\n"));

    [Fact]
    public async Task It_is_written_between_the_markers_and_nothing_else_changes()
    {
        var root = Directory.CreateTempSubdirectory("actorflow-readme-").FullName;
        try
        {
            var (readmeFile, logFile) = (Path.Combine(root, "README.md"), Path.Combine(root, PerformanceSection.Log));
            Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
            await File.WriteAllTextAsync(readmeFile, "before\n<!-- performance -->\nold\n<!-- /performance -->\nafter\n");
            await File.WriteAllTextAsync(logFile, "above\n<!-- performance -->\nold\n<!-- /performance -->\nbelow\n");
            await Assert.ThrowsAsync<UsageException>(() => PerformanceSection.WriteAsync(root));
            await ResultFile.SaveAsync(Run("sqlite", 2, 5), Path.Combine(root, "perf", "results", "sqlite.json"));
            await PerformanceSection.WriteAsync(root);

            var (readme, log) = (await File.ReadAllTextAsync(readmeFile), await File.ReadAllTextAsync(logFile));
            Assert.Matches(new Regex("\\Abefore\n<!-- performance -->\n\\| .*Medians.*\\.\n<!-- /performance -->\nafter\n\\z", RegexOptions.Singleline), readme);
            Assert.Matches(new Regex("\\Aabove\n<!-- performance -->\n- sqlite: .*```\n<!-- /performance -->\nbelow\n\\z", RegexOptions.Singleline), log);
            Assert.DoesNotContain("\nold\n", readme + log, StringComparison.Ordinal);
            await ResultFile.SaveAsync(Run("memory", 2, 5), Path.Combine(root, "perf", "results", "sqlite.json"));
            await Assert.ThrowsAsync<UsageException>(() => PerformanceSection.WriteAsync(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static List<string> Rows(params PerfRun[] runs) =>
        [.. PeerTable.Write(runs).Split('\n').Where(line => line.StartsWith("| P", StringComparison.Ordinal))];

    private static PerfRun Run(string store, double milliseconds, double limit) =>
        Sample.Run(Sample.Spec("P1-1", Sample.Metric("p50", MetricKind.Time, milliseconds, milliseconds, milliseconds)).With(new("p50") { AtMost = limit })) with { Store = store };
}
