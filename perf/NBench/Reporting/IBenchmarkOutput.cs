namespace NBench.Reporting;

/// <summary>Hears of runs as they happen.</summary>
public interface IBenchmarkOutput
{
    /// <summary>A line.</summary>
    /// <param name="message">The line.</param>
    void WriteLine(string message);

    /// <summary>Something odd.</summary>
    /// <param name="message">What.</param>
    void Warning(string message);

    /// <summary>Something wrong.</summary>
    /// <param name="ex">What was thrown.</param>
    /// <param name="message">What.</param>
    void Error(Exception ex, string message);

    /// <summary>Something wrong.</summary>
    /// <param name="message">What.</param>
    void Error(string message);

    /// <summary>A spec begins.</summary>
    /// <param name="benchmarkName">The spec.</param>
    void StartBenchmark(string benchmarkName);

    /// <summary>A spec is left out.</summary>
    /// <param name="benchmarkName">The spec.</param>
    void SkipBenchmark(string benchmarkName);

    /// <summary>A spec has ended.</summary>
    /// <param name="benchmarkName">The spec.</param>
    void FinishBenchmark(string benchmarkName);

    /// <summary>A run has ended.</summary>
    /// <param name="report">What came of it.</param>
    /// <param name="isWarmup">Whether it does not count.</param>
    void WriteRun(BenchmarkRunReport report, bool isWarmup = false);

    /// <summary>What a spec came to.</summary>
    /// <param name="results">What it came to.</param>
    void WriteBenchmark(BenchmarkFinalResults results);
}

/// <summary>Tells several.</summary>
/// <param name="outputs">Whom.</param>
public class CompositeBenchmarkOutput(params IBenchmarkOutput[] outputs) : IBenchmarkOutput
{
    /// <inheritdoc/>
    public void WriteLine(string message) => Array.ForEach(outputs, output => output.WriteLine(message));

    /// <inheritdoc/>
    public void Warning(string message) => Array.ForEach(outputs, output => output.Warning(message));

    /// <inheritdoc/>
    public void Error(Exception ex, string message) => Array.ForEach(outputs, output => output.Error(ex, message));

    /// <inheritdoc/>
    public void Error(string message) => Array.ForEach(outputs, output => output.Error(message));

    /// <inheritdoc/>
    public void StartBenchmark(string benchmarkName) => Array.ForEach(outputs, output => output.StartBenchmark(benchmarkName));

    /// <inheritdoc/>
    public void SkipBenchmark(string benchmarkName) => Array.ForEach(outputs, output => output.SkipBenchmark(benchmarkName));

    /// <inheritdoc/>
    public void FinishBenchmark(string benchmarkName) => Array.ForEach(outputs, output => output.FinishBenchmark(benchmarkName));

    /// <inheritdoc/>
    public void WriteRun(BenchmarkRunReport report, bool isWarmup = false) => Array.ForEach(outputs, output => output.WriteRun(report, isWarmup));

    /// <inheritdoc/>
    public void WriteBenchmark(BenchmarkFinalResults results) => Array.ForEach(outputs, output => output.WriteBenchmark(results));
}
