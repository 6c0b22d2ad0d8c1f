using ActorFlow.Perf.Baselines;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Reports;

/// <summary>What a report tells.</summary>
/// <param name="Run">The run.</param>
/// <param name="Comparison">How it compares with a baseline; none: it was not compared.</param>
/// <param name="Baseline">The baseline's name; none: it was not compared.</param>
/// <param name="History">The saved runs of the same store, quick or full as this one, oldest first.</param>
internal sealed record Report(PerfRun Run, Comparison? Comparison, string? Baseline, IReadOnlyList<(string Name, PerfRun Run)> History)
{
    /// <summary>Whether nothing decides against the run.</summary>
    public bool IsGood => !Run.Specs.Any(spec => spec.Fails(Run.Quick)) && Comparison?.Failures.Any() is not true;

    /// <summary>What a bar came to, in words: those of quick runs do not all count.</summary>
    public string VerdictOf(SpecResult spec, BarResult bar) => bar.Passed ? "met" : bar.Counts(spec, Run.Quick) ? "missed" : "missed, does not count";

    /// <summary>How the run went, in a few words.</summary>
    public string Summary
    {
        get
        {
            var (bars, faulted) = (Run.Specs.SelectMany(spec => spec.Bars).ToList(), Run.Specs.Count(spec => spec.Faulted));
            string[] parts =
            [
                $"{bars.Count(bar => bar.Passed)} of {bars.Count} bars met",
                .. faulted > 0 ? [$"{faulted} specs faulted"] : Array.Empty<string>(),
                .. Comparison is null ? Array.Empty<string>() : [$"{Comparison.Failures.Count()} regressions against {Baseline}"],
            ];
            return string.Join(", ", parts);
        }
    }
}

/// <summary>Writes a report in the form that its file's name asks for.</summary>
internal static class ReportFile
{
    /// <summary>Writes a report.</summary>
    /// <param name="path">A file that ends in <c>.html</c> or <c>.md</c>; its folder is made if it is missing.</param>
    /// <param name="report">What to tell.</param>
    public static async Task WriteAsync(string path, Report report)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, Path.GetExtension(path) == ".md" ? MarkdownReport.Write(report) : HtmlReport.Write(report)).ConfigureAwait(false);
    }
}
