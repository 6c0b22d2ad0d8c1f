using ActorFlow.Perf.CommandLine;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using ActorFlow.Perf.Tests.Running;

namespace ActorFlow.Perf.Tests.CommandLine;

public sealed class PerfHostTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("actorflow-perfhost-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task A_run_prints_the_machine_the_table_and_a_verdict()
    {
        Assert.Equal(0, await RunAsync(new() { Store = "memory", Filter = "samples", Quick = true }));

        var output = _output.ToString();
        Assert.Contains($"{Environment.ProcessorCount} processors", output);
        Assert.Contains("in memory, nothing durable", output);
        Assert.Matches(@"sample +a sample +\d\+? +value +4 ms +4 to 4 +≤ 5 ms +met", output);
        Assert.Matches(@"1 specs, 0 faulted, 0 bars missed, in 0:\d\d\.$", output.TrimEnd());
        Assert.Matches(@"\[  1 of 1, 0:00\] sample +w+\.\.\. (warm|not steady) after \d rounds", _error.ToString());
    }

    [Fact]
    public async Task A_missed_bar_of_a_time_fails_a_full_run_only()
    {
        Assert.Equal(1, await RunAsync(new() { Store = "sqlite", Filter = "samples" }));
        Assert.Contains("MISSED", _output.ToString());
        Assert.Equal(0, await RunAsync(new() { Store = "sqlite", Filter = "samples", Quick = true }));
    }

    [Fact]
    public async Task A_fault_fails_and_is_told()
    {
        Assert.Equal(1, await RunAsync(new() { Store = "memory", Filter = "unset", Quick = true }));
        Assert.Contains("unset: value has no value.", _output.ToString());
    }

    [Fact]
    public async Task What_has_no_data_is_skipped()
    {
        Assert.Equal(0, await RunAsync(new() { Store = "memory", Filter = "dataless" }));
        Assert.Contains("there is no no/such/file", _output.ToString());
    }

    [Fact]
    public async Task What_needs_runs_that_outlive_a_process_is_skipped_in_memory_only()
    {
        Assert.Equal(0, await RunAsync(new() { Store = "memory", Filter = "durable" }));
        Assert.Contains("nothing outlives a process in memory", _output.ToString());
        Assert.Equal(0, await RunAsync(new() { Store = "sqlite", Filter = "durable" }));
        Assert.Contains("1 specs, 0 faulted", _output.ToString());
    }

    [Fact]
    public async Task A_slowdown_against_the_baseline_exits_1_and_names_the_spec()
    {
        var options = new PerfOptions { Store = "memory", Filter = "sample-once" };
        Assert.Equal(0, await RunAsync(options with { Save = "a" }));
        Assert.True(File.Exists(Path.Combine(_root, "perf", "baselines", "a.json")));
        // Its time is next to nothing and may come to anything here; its figure is fixed.
        await RunAsync(options with { Compare = "a" });
        Assert.DoesNotContain("value went", _output.ToString());
        SampleSpecs.Value = 400;
        try
        {
            Assert.Equal(1, await RunAsync(options with { Compare = "a" }));
        }
        finally
        {
            SampleSpecs.Value = 4;
        }

        Assert.Contains("sample-once: value went from 4 to 400 ms (x100.00)", _output.ToString());
    }

    [Fact]
    public async Task Of_a_baseline_only_what_was_selected_can_be_missing()
    {
        Assert.Equal(0, await RunAsync(new() { Store = "memory", Filter = "sample", Save = "both" }));
        // Allocations may differ by what the runtime does beside; the quick set leaves sample-once out.
        await RunAsync(new() { Store = "memory", Filter = "sample", Quick = true, Compare = "both" });

        Assert.DoesNotContain("has not run", _output.ToString());
    }

    [Fact]
    public async Task Files_and_reports_are_written()
    {
        var (json, html, markdown) = (Path.Combine(_root, "new", "r.json"), Path.Combine(_root, "r.html"), Path.Combine(_root, "r.md"));
        await RunAsync(new() { Store = "memory", Filter = "sample-once", Json = json, Reports = [html, markdown] });

        Assert.All(new[] { json, html, markdown }, file => Assert.True(new FileInfo(file).Length > 100, file));
    }

    [Fact]
    public async Task A_process_of_one_spec_runs_that_and_shows_no_line_of_its_own()
    {
        var json = Path.Combine(_root, "only.json");
        Assert.Equal(0, await RunAsync(new() { Store = "memory", Only = "sample-once", Quick = true, Json = json }));

        Assert.Equal("sample-once", Assert.Single((await ResultFile.LoadAsync(json)).Specs).Id);
        Assert.Equal(".", _error.ToString());
    }

    [Fact]
    public async Task A_list_runs_nothing()
    {
        SampleSpecs.Executions = 0;
        Assert.Equal(0, await RunAsync(new() { Store = "memory", List = true }));

        Assert.Equal(0, SampleSpecs.Executions);
        Assert.Contains("sample-once", _output.ToString());
    }

    [Theory]
    [InlineData("nothing", false, null)]
    [InlineData("sample,nothing", false, null)]
    [InlineData("sample-once", true, null)]
    [InlineData("sample", false, "none")]
    public async Task A_filter_or_a_baseline_that_is_not_there_is_an_error_before_anything_runs(string filter, bool quick, string? compare)
    {
        SampleSpecs.Executions = 0;
        var error = await Assert.ThrowsAsync<UsageException>(() => RunAsync(new() { Store = "memory", Filter = filter, Quick = quick, Compare = compare }));

        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(0, SampleSpecs.Executions);
    }

    [Theory]
    [InlineData("not a run")]
    [InlineData("{}")]
    [InlineData("of another store")]
    public async Task A_baseline_that_cannot_be_compared_with_is_an_error_before_anything_runs(string text)
    {
        var baselines = Directory.CreateDirectory(Path.Combine(_root, "perf", "baselines")).FullName;
        await File.WriteAllTextAsync(Path.Combine(baselines, "a.json"), text == "of another store" ? ResultFile.Write(Sample.Run()) : text);
        SampleSpecs.Executions = 0;
        var error = await Assert.ThrowsAsync<UsageException>(() => RunAsync(new() { Store = "memory", Filter = "sample", Compare = "a" }));

        Assert.StartsWith("--compare a: ", error.Message);
        Assert.Equal(0, SampleSpecs.Executions);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_an_error_before_anything_runs()
    {
        SampleSpecs.Executions = 0;
        var folder = Directory.CreateDirectory(Path.Combine(_root, "folder.html")).FullName;
        foreach (var options in (PerfOptions[])[new() { Store = "memory", Json = _root }, new() { Store = "memory", Json = "" }, new() { Store = "memory", Reports = [folder] }])
        {
            var error = await Assert.ThrowsAsync<UsageException>(() => RunAsync(options with { Filter = "sample" }));
            Assert.Matches("^--(json|report) .*: the file cannot be written: ", error.Message);
        }

        Assert.Equal(0, SampleSpecs.Executions);
    }

    [Fact]
    public async Task To_check_a_file_leaves_it_as_it_is()
    {
        var (old, later) = (Path.Combine(_root, "old.json"), Path.Combine(_root, "later.json"));
        await File.WriteAllTextAsync(old, "old");

        OutputFiles.Check([("--json", old), ("--json", later)]);

        Assert.Equal("old", await File.ReadAllTextAsync(old));
        Assert.False(File.Exists(later));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Task<int> RunAsync(PerfOptions options) =>
        new PerfHost(Spec.In(typeof(PerfHostTests).Assembly), _root, _output, _error).RunAsync(options);
}
