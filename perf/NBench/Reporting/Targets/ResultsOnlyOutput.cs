namespace NBench.Reporting.Targets;

/// <summary>What cares for a spec's results and its errors only.</summary>
public abstract class ResultsOnlyOutput : IBenchmarkOutput
{
    /// <inheritdoc/>
    public virtual void WriteLine(string message)
    {
    }

    /// <inheritdoc/>
    public virtual void Warning(string message)
    {
    }

    /// <inheritdoc/>
    public virtual void Error(Exception ex, string message)
    {
    }

    /// <inheritdoc/>
    public virtual void Error(string message)
    {
    }

    /// <inheritdoc/>
    public virtual void StartBenchmark(string benchmarkName)
    {
    }

    /// <inheritdoc/>
    public virtual void SkipBenchmark(string benchmarkName)
    {
    }

    /// <inheritdoc/>
    public virtual void FinishBenchmark(string benchmarkName)
    {
    }

    /// <inheritdoc/>
    public virtual void WriteRun(BenchmarkRunReport report, bool isWarmup = false)
    {
    }

    /// <inheritdoc/>
    public abstract void WriteBenchmark(BenchmarkFinalResults results);
}
