using NBench;
using NBench.Reporting;
using NBench.Reporting.Targets;
using NBench.Sdk;

namespace ActorFlow.NBench.Tests;

public sealed class TestPackageTests
{
    private static readonly string Fast = $"*{nameof(Two)}+{nameof(Two.Fast)}";

    [Theory]
    [InlineData("*fast", true)]
    [InlineData("*+Fas?", true)]
    [InlineData("Fast", false)]
    [InlineData("*Two*,*Fast*", false)]
    public void A_pattern_matches_the_whole_name_whatever_its_case(string pattern, bool matches) =>
        Assert.Equal(matches, Empty().AddInclude(pattern).ShouldRunBenchmark("ActorFlow.Two+Fast"));

    [Fact]
    public void Without_patterns_everything_runs() => Assert.True(Empty().ShouldRunBenchmark("anything"));

    [Fact]
    public void One_of_several_patterns_is_enough_and_exclusion_wins()
    {
        var package = Empty().AddInclude("a*").AddInclude("b*").AddExclude("*x");

        Assert.Equal([true, true, false, false], new[] { "a", "b", "c", "ax" }.Select(package.ShouldRunBenchmark));
    }

    [Fact]
    public void A_selection_without_a_spec_fails_and_says_so()
    {
        var ran = Running.Package(Empty().AddInclude("nothing"));

        Assert.False(ran.Result.AllTestsPassed);
        Assert.Equal(0, ran.Result.ExecutedTestsCount);
        Assert.Contains("No spec", Assert.Single(ran.Output.Errors));
    }

    [Fact]
    public void What_ran_and_what_did_not_is_counted()
    {
        var ran = Running.Package(Empty().AddInclude(Fast));

        Assert.Equal(1, ran.Result.ExecutedTestsCount);
        Assert.Equal(SpecMethod.Find(typeof(Two).Assembly).Count() - 1, ran.Result.IgnoredTestsCount);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, -1)]
    public void The_exit_code_says_whether_all_passed(bool passed, int code) =>
        Assert.Equal(code, NBenchRunner.ExitCodeOf(new TestRunnerResult { AllTestsPassed = passed }));

    [Fact]
    public void The_command_line_is_understood()
    {
        var package = NBenchRunner.Parse(Empty(), ["--include", "a*", "--include", "b*", "--exclude", "*x", "--concurrent", "true", "--trace", "true", "--output", "reports", "--configuration", "c.json", "--teamcity"]);

        Assert.Equal([true, true, false], new[] { "a", "b", "bx" }.Select(package.ShouldRunBenchmark));
        Assert.Equal((true, true, true), (package.Concurrent, package.Tracing, package.TeamCity));
        Assert.Equal(("reports", "c.json"), (package.OutputDirectory, package.ConfigurationFile));
    }

    [Theory]
    [InlineData("--concurrent")]
    [InlineData("--concurrent", "false")]
    public void Concurrent_alone_means_false(params string[] args) => Assert.False(NBenchRunner.Parse(Empty(), args).Concurrent);

    [Fact]
    public void All_processors_stay_usable()
    {
        TestRunner.SetProcessPriority(concurrent: false);
        Running.Spec<Two>(nameof(Two.Fast), package => package.Concurrent = false);

        Assert.Equal(Two.ProcessorsBefore, Environment.ProcessorCount);
        Assert.Equal(ThreadPriority.Normal, Thread.CurrentThread.Priority);
    }

    [Fact]
    public void Traces_go_to_the_output_only_when_asked_for()
    {
        Assert.DoesNotContain(Running.Spec<Two>(nameof(Two.Tracing)).Output.Lines, line => line.Contains("a note"));
        Assert.Contains("[INFO] a note", Running.Spec<Two>(nameof(Two.Tracing), package => package.Tracing = true).Output.Lines);
    }

    [Fact]
    public void Several_outputs_hear_the_same()
    {
        var (one, two) = (new HeardOutput(), new HeardOutput());
        var lines = new List<string>();
        var all = new CompositeBenchmarkOutput(one, two, new ActionBenchmarkOutput(writeLineAction: lines.Add));
        all.WriteLine("hello");
        all.StartBenchmark("spec");
        all.Error(new InvalidOperationException("why"), "what");

        Assert.Equal(["hello"], one.Lines);
        Assert.Equal(["start spec"], two.Specs);
        Assert.Equal("what why", Assert.Single(two.Errors));
        Assert.Equal("hello", lines[0]);
    }

    [Fact]
    public void An_output_that_is_added_hears_of_runs_and_results()
    {
        var (runs, warmups, results) = (0, 0, 0);
        var output = new ActionBenchmarkOutput((_, isWarmup) => (runs, warmups) = isWarmup ? (runs, warmups + 1) : (runs + 1, warmups), _ => results++);
        new TestRunner(Empty().AddInclude(Fast).AddOutput(output)).Execute();

        Assert.Equal((2, 2, 1), (runs, warmups, results));
    }

    [Fact]
    public void A_Markdown_file_is_written_for_each_spec()
    {
        var directory = Directory.CreateTempSubdirectory("actorflow-nbench-");
        try
        {
            var package = Empty().AddInclude(Fast);
            package.OutputDirectory = Path.Combine(directory.FullName, "made");
            new TestRunner(package).Execute();

            var file = Assert.Single(Directory.GetFiles(package.OutputDirectory));
            Assert.Matches(@"Two\+Fast-\d+\.md$", file);
            var text = File.ReadAllText(file);
            Assert.All(new[] { "### System Info", "### NBench Settings", "### Totals", "### Per-second Totals", "### Raw Data: Elapsed Time", "## Benchmark Assertions" }, part => Assert.Contains(part, text));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static TestPackage Empty() => new(typeof(TestPackageTests).Assembly, concurrent: true);

    internal sealed class Two
    {
        public static int ProcessorsBefore { get; } = Environment.ProcessorCount;

        [PerfBenchmark(NumberOfIterations = 2)]
        [TimingMeasurement]
        public void Fast() => Recorded<Two>.Add("run");

        [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
        [TimingMeasurement]
        public void Tracing(BenchmarkContext context) => context.Trace.Info("a note");
    }
}
