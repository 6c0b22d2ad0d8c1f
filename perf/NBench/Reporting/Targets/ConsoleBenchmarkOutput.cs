namespace NBench.Reporting.Targets;

/// <summary>Writes runs and results to the console.</summary>
public class ConsoleBenchmarkOutput : IBenchmarkOutput
{
    /// <inheritdoc/>
    public void WriteLine(string message) => Console.WriteLine(message);

    /// <inheritdoc/>
    public void Warning(string message) => Console.WriteLine($"WARNING: {message}");

    /// <inheritdoc/>
    public void Error(Exception ex, string message) => Console.WriteLine($"ERROR: {message} {ex}");

    /// <inheritdoc/>
    public void Error(string message) => Console.WriteLine($"ERROR: {message}");

    /// <inheritdoc/>
    public void StartBenchmark(string benchmarkName) => WriteLine($"------------ STARTING {benchmarkName} ----------");

    /// <inheritdoc/>
    public void SkipBenchmark(string benchmarkName) => WriteLine($"------------ NOTRUN {benchmarkName} ----------");

    /// <inheritdoc/>
    public void FinishBenchmark(string benchmarkName) => WriteLine($"------------ FINISHED {benchmarkName} ----------");

    /// <inheritdoc/>
    public void WriteRun(BenchmarkRunReport report, bool isWarmup = false) => WriteAll(ReportText.Run(report, isWarmup));

    /// <inheritdoc/>
    public void WriteBenchmark(BenchmarkFinalResults results) => WriteAll(ReportText.Results(results));

    private void WriteAll(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            WriteLine(line);
        }
    }
}
