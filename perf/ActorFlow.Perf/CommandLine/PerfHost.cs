using System.Diagnostics;
using ActorFlow.Perf.Baselines;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Reports;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.CommandLine;

/// <summary>Runs specs, prints what they came to, and decides.</summary>
/// <param name="specs">All specs.</param>
/// <param name="root">The repository's root.</param>
/// <param name="output">Where results go.</param>
/// <param name="error">Where progress goes.</param>
internal sealed class PerfHost(IReadOnlyList<Spec> specs, string root, TextWriter output, TextWriter error)
{
    private readonly BaselineFolder _baselines = new(Path.Combine(root, "perf", "baselines"));

    /// <summary>Does what the options ask for.</summary>
    /// <returns>0: all is well; 1: it is not.</returns>
    /// <exception cref="UsageException">They make no sense.</exception>
    public async Task<int> RunAsync(PerfOptions options)
    {
        if (options.Readme)
        {
            await PerformanceSection.WriteAsync(root).ConfigureAwait(false);
            return 0;
        }

        var filter = new SpecFilter(options.Only ?? options.Filter);
        var selected = Select(options, filter);
        if (options.List)
        {
            await PrintAsync(ResultTable.Align([["id", "group", "", "spec"], .. selected.Select(spec => (string[])[spec.Id, spec.Attribute.Group, spec.OwnProcess ? "own process" : "", spec.Description])])).ConfigureAwait(false);
            return 0;
        }

        var baseline = options.Compare is { } name ? await LoadAsync(name, options.Store).ConfigureAwait(false) : null;
        OutputFiles.Check(FilesOf(options));
        var begun = Stopwatch.GetTimestamp();
        var run = await MeasureAsync(options, selected).ConfigureAwait(false);
        await PrintAsync([run.MachineLine, .. ResultTable.Lines(run), .. ErrorsOf(run)]).ConfigureAwait(false);
        var comparison = baseline is null ? null : Comparison.Of(baseline, run, IsMeant);
        await WriteFilesAsync(options, run, comparison).ConfigureAwait(false);
        return await DecideAsync(run, comparison, Stopwatch.GetElapsedTime(begun)).ConfigureAwait(false);

        // A quick run leaves out of a full baseline what is not quick.
        bool IsMeant(SpecResult spec) =>
            filter.Matches(spec.Id, spec.Group)
            && (baseline!.Quick || !options.Quick || !specs.Any(one => one.Id == spec.Id && !one.Attribute.Quick));
    }

    private IEnumerable<(string Option, string Path)> FilesOf(PerfOptions options) =>
    [
        .. options.Json is { } json ? [("--json", json)] : Array.Empty<(string, string)>(),
        .. options.Save is { } name ? [("--save", _baselines.FileOf(name))] : Array.Empty<(string, string)>(),
        .. options.Reports.Select(path => ("--report", path)),
    ];

    private List<Spec> Select(PerfOptions options, SpecFilter filter)
    {
        if (options.Only is null && filter.GlobsThatMatchNone(specs).FirstOrDefault() is { } glob)
        {
            throw new UsageException($"--filter {glob}: no spec matches (--list names them).");
        }

        var selected = specs.Where(spec => options.Only is { } only ? spec.Id == only : filter.Matches(spec.Id, spec.Attribute.Group)
            && (!options.Quick || spec.Attribute.Quick) && (!spec.Attribute.ByNameOnly || filter.Names(spec.Id))).ToList();
        return selected.Count > 0
            ? selected
            : throw new UsageException($"--filter {options.Filter}: no spec matches in a quick run (--list names them).");
    }

    private async Task<PerfRun> LoadAsync(string name, string store)
    {
        var file = Path.GetRelativePath(root, _baselines.FileOf(name));
        if (!File.Exists(_baselines.FileOf(name)))
        {
            throw new UsageException($"--compare {name}: there is no {file} (--save {name} makes it).");
        }

        try
        {
            var baseline = await ResultFile.LoadAsync(_baselines.FileOf(name)).ConfigureAwait(false);
            return baseline.Store == store
                ? baseline
                : throw new UsageException($"--compare {name}: {file} is of the store {baseline.Store} (--store {baseline.Store} compares with it).");
        }
        catch (Exception unreadable) when (ResultFile.IsUnreadable(unreadable))
        {
            throw new UsageException($"--compare {name}: {file} cannot be read: {unreadable.Message}");
        }
    }

    private async Task<PerfRun> MeasureAsync(PerfOptions options, List<Spec> selected)
    {
        var database = await Databases.OpenAsync(options.Store).ConfigureAwait(false);
        await using var closing = database.ConfigureAwait(false);
        var (session, progress) = (new Session(database, options.Quick), new Progress(error));
        var (begun, results) = (DateTimeOffset.UtcNow, new List<SpecResult>());
        try
        {
            foreach (var spec in selected)
            {
                var isAlone = options.Only is not null;
                if (!isAlone)
                {
                    progress.Begin(results.Count + 1, selected.Count, spec.Id);
                }

                var result = await RunAsync(spec, session, progress, isAlone).ConfigureAwait(false);
                results.Add(result);
                if (!isAlone)
                {
                    progress.End(Words(result));
                }
            }
        }
        finally
        {
            await NodeLease.EndAsync().ConfigureAwait(false);
        }

        return new PerfRun
        {
            CreatedUtc = begun,
            Commit = MachineInfo.CommitOf(root),
            Store = options.Store,
            Durability = database.Durability,
            Quick = options.Quick,
            Host = MachineInfo.Here,
            Specs = results,
        };
    }

    private async Task<SpecResult> RunAsync(Spec spec, Session session, Progress progress, bool isAlone)
    {
        if (ReasonToSkip(spec, session) is { } reason)
        {
            return SpecRunner.Empty(spec) with { Skipped = reason };
        }

        if (!spec.OwnProcess || isAlone)
        {
            return new SpecRunner(session, progress).Run(spec);
        }

        await NodeLease.EndAsync().ConfigureAwait(false);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            return await OwnProcess.RunAsync(spec, session, progress).ConfigureAwait(false) with { Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds };
        }
        catch (InvalidOperationException error)
        {
            return SpecRunner.Empty(spec) with { Errors = [error.Message] };
        }
    }

    private string? ReasonToSkip(Spec spec, Session session) =>
        spec.Attribute.Data is { } data && !Path.Exists(Path.Combine(root, data)) ? $"there is no {data}"
        : spec.Attribute.Durable && session.Database is MemoryDatabase ? "nothing outlives a process in memory"
        : null;

    private static string Words(SpecResult result) =>
        result.Skipped is { } reason ? $"skipped: {reason}"
        : result.Faulted ? $"FAULTED: {result.Errors[0]}"
        : $"{(result.WarmUpRounds == 0 ? "" : $"{(result.IsWarm ? "warm" : "not steady")} after {result.WarmUpRounds} rounds, ")}{Figure.Format(result.Seconds)} s";

    private static IEnumerable<string> ErrorsOf(PerfRun run) =>
        run.Specs.SelectMany(spec => spec.Errors.Select(message => $"{spec.Id}: {message}"));

    private async Task WriteFilesAsync(PerfOptions options, PerfRun run, Comparison? comparison)
    {
        // A report shows how the saved runs went before this one joins them.
        var history = options.Reports.Count > 0 ? await _baselines.AllAsync().ConfigureAwait(false) : [];
        foreach (var (option, path) in FilesOf(options))
        {
            await (option == "--report"
                ? ReportFile.WriteAsync(path, new Report(run, comparison, options.Compare, [.. history.Where(one => one.Run.Store == run.Store && one.Run.Quick == run.Quick)]))
                : ResultFile.SaveAsync(run, path)).ConfigureAwait(false);
        }
    }

    private async Task<int> DecideAsync(PerfRun run, Comparison? comparison, TimeSpan took)
    {
        if (comparison is not null)
        {
            await PrintAsync(["", .. comparison.Notes, .. comparison.Lines(), .. comparison.Added.Select(id => $"{id}: new, not in the baseline"), .. comparison.Failures]).ConfigureAwait(false);
        }

        var failed = run.Specs.Count(spec => spec.Fails(run.Quick));
        var missed = run.Specs.SelectMany(spec => spec.Bars).Count(bar => !bar.Passed);
        var regressed = comparison?.Failures.Count() ?? 0;
        await PrintAsync([$"{run.Specs.Count(spec => spec.Skipped is null)} specs, {run.Specs.Count(spec => spec.Faulted)} faulted, {missed} bars missed{(comparison is null ? "" : $", {regressed} regressed")}, in {took:m\\:ss}."]).ConfigureAwait(false);
        return failed + regressed == 0 ? 0 : 1;
    }

    private async Task PrintAsync(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            await output.WriteLineAsync(line).ConfigureAwait(false);
        }
    }
}
