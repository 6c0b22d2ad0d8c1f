using ActorFlow.Perf.CommandLine;

namespace ActorFlow.Perf.Tests.CommandLine;

public sealed class PerfCommandTests
{
    [Fact]
    public async Task Every_option_is_understood()
    {
        var options = await ParseAsync("--filter", "P1*", "--store", "memory", "--json", "out.json", "--save", "a", "--compare", "b", "--report", "x.html", "--report", "x.md", "--quick", "--list", "--readme");

        Assert.Equal(("P1*", "memory", "out.json", "a", "b", true, true, true), (options.Filter, options.Store, options.Json, options.Save, options.Compare, options.Quick, options.List, options.Readme));
        Assert.Equal(["x.html", "x.md"], options.Reports);
    }

    [Fact]
    public async Task Without_options_everything_runs_on_SQLite()
    {
        var options = await ParseAsync();

        Assert.Equal((null, "sqlite", null, false, false, null), (options.Filter, options.Store, options.Compare, options.Quick, options.Readme, options.Only));
        Assert.Empty(options.Reports);
    }

    [Theory]
    [InlineData("--store", "oracle")]
    [InlineData("--report", "x.pdf")]
    [InlineData("--report")]
    [InlineData("--save", "../x")]
    [InlineData("--compare", "a/b")]
    [InlineData("--filter")]
    [InlineData("--nonsense")]
    [InlineData("word")]
    public async Task Bad_input_is_one_line_and_exit_code_2(params string[] args)
    {
        var (exit, _, error) = await InvokeAsync(args, _ => throw new InvalidOperationException("must not run"));

        Assert.Equal(2, exit);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("--help", error);
    }

    [Fact]
    public async Task What_turns_out_to_make_no_sense_is_one_line_as_well()
    {
        var (exit, _, error) = await InvokeAsync(["--compare", "none"], _ => throw new UsageException("there is none"));

        Assert.Equal((2, "there is none"), (exit, error.TrimEnd()));
    }

    [Fact]
    public async Task The_exit_code_is_that_of_the_run() => Assert.Equal(1, (await InvokeAsync([], _ => Task.FromResult(1))).Exit);

    [Fact]
    public async Task Help_names_every_option()
    {
        var (exit, output, _) = await InvokeAsync(["--help"], _ => Task.FromResult(1));

        Assert.Equal(0, exit);
        Assert.All(new[] { "--filter", "--store", "--json", "--save", "--compare", "--report", "--quick", "--list", "--readme" }, option => Assert.Contains(option, output));
        Assert.DoesNotContain("--in-own-process", output);
    }

    private static async Task<PerfOptions> ParseAsync(params string[] args)
    {
        PerfOptions? read = null;
        var (exit, _, error) = await InvokeAsync(args, options =>
        {
            read = options;
            return Task.FromResult(0);
        });
        Assert.Equal((0, ""), (exit, error));
        return read!;
    }

    private static async Task<(int Exit, string Output, string Error)> InvokeAsync(string[] args, Func<PerfOptions, Task<int>> run)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await PerfCommand.InvokeAsync(args, output, error, run);
        return (exit, output.ToString(), error.ToString());
    }
}
