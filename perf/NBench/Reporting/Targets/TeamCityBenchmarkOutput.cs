namespace NBench.Reporting.Targets;

/// <summary>Tells a build server, in the service messages of TeamCity.</summary>
internal sealed class TeamCityBenchmarkOutput : ResultsOnlyOutput
{
    public override void StartBenchmark(string benchmarkName) => Write("testStarted", benchmarkName, "");

    public override void SkipBenchmark(string benchmarkName) => Write("testIgnored", benchmarkName, "");

    public override void FinishBenchmark(string benchmarkName) => Write("testFinished", benchmarkName, "");

    public override void WriteBenchmark(BenchmarkFinalResults results)
    {
        var failures = results.Data.Exceptions.Select(error => error.Message)
            .Concat(results.AssertionResults.Where(one => !one.Passed).Select(one => one.Message)).ToList();
        if (failures.Count > 0)
        {
            Write("testFailed", results.BenchmarkName, $" message='{Escape(string.Join("; ", failures))}'");
        }
    }

    private static void Write(string message, string name, string more) => Console.WriteLine($"##teamcity[{message} name='{Escape(name)}'{more}]");

    private static string Escape(string text) =>
        text.Replace("|", "||").Replace("'", "|'").Replace("[", "|[").Replace("]", "|]").Replace("\r", "|r").Replace("\n", "|n");
}
