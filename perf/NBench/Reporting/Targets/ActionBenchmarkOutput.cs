namespace NBench.Reporting.Targets;

/// <summary>Calls back.</summary>
/// <param name="runAction">Hears of each run, and whether it is a warm-up.</param>
/// <param name="benchmarkAction">Hears of each spec's results.</param>
/// <param name="writeLineAction">Hears of each line.</param>
public class ActionBenchmarkOutput(
    Action<BenchmarkRunReport, bool>? runAction = null,
    Action<BenchmarkFinalResults>? benchmarkAction = null,
    Action<string>? writeLineAction = null) : IBenchmarkOutput
{
    /// <inheritdoc/>
    public void WriteLine(string message) => writeLineAction?.Invoke(message);

    /// <inheritdoc/>
    public void Warning(string message) => WriteLine(message);

    /// <inheritdoc/>
    public void Error(Exception ex, string message) => WriteLine($"{message} {ex}");

    /// <inheritdoc/>
    public void Error(string message) => WriteLine(message);

    /// <inheritdoc/>
    public void StartBenchmark(string benchmarkName) => WriteLine(benchmarkName);

    /// <inheritdoc/>
    public void SkipBenchmark(string benchmarkName) => WriteLine(benchmarkName);

    /// <inheritdoc/>
    public void FinishBenchmark(string benchmarkName) => WriteLine(benchmarkName);

    /// <inheritdoc/>
    public void WriteRun(BenchmarkRunReport report, bool isWarmup = false) => runAction?.Invoke(report, isWarmup);

    /// <inheritdoc/>
    public void WriteBenchmark(BenchmarkFinalResults results) => benchmarkAction?.Invoke(results);
}
