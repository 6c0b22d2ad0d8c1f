using ActorFlow.Shell.Tests.Runs;

namespace ActorFlow.Shell.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly ShellSession _session = new() { Runner = new ScriptedRunner() };

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Version_is_one_line_and_nothing_else()
    {
        Assert.Equal(0, await _session.RunAsync("--version"));

        Assert.Matches(@"^\d+\.\d+\.\d+\n$", _session.Out);
    }

    [Theory]
    [InlineData()]
    [InlineData("run")]
    [InlineData("answer")]
    [InlineData("signal")]
    [InlineData("rewind")]
    [InlineData("fork")]
    [InlineData("retry")]
    [InlineData("show")]
    [InlineData("history")]
    [InlineData("checkpoints")]
    [InlineData("validate")]
    [InlineData("graph")]
    [InlineData("import", "wfformat")]
    public async Task Every_verb_shows_examples_in_its_help(params string[] verb)
    {
        Assert.Equal(0, await _session.RunAsync([.. verb, "--help"]));

        var examples = _session.Out[_session.Out.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains($"\n  actorflow {string.Join(' ', verb)}".TrimEnd(), examples);
        Assert.Empty(_session.Error);
    }

    [Theory]
    [InlineData("'validte' is not understood here. Did you mean 'validate'?", "validte")]
    [InlineData("'--frmat' is not understood here. Did you mean '--format'?", "graph", "--frmat", "svg", "x.yaml")]
    [InlineData("Must be one of", "graph", "x.yaml", "--format", "png")]
    [InlineData("Required argument missing", "run")]
    [InlineData("Required argument missing", "validate")]
    [InlineData("--parallel takes a number from 1 to 10000, not '0'", "run", "x.yaml", "--parallel", "0")]
    [InlineData("--parallel takes a number", "run", "x.yaml", "--parallel", "many")]
    [InlineData("--id takes 1 to 200 of the characters", "run", "x.yaml", "--id", "a b")]
    [InlineData("--id takes 1 to 200 of the characters", "run", "x.yaml", "--id", "a/b")]
    [InlineData("--time-scale takes a number", "import", "wfformat", "x", "--time-scale", "-1")]
    [InlineData("--time-scale takes a number", "import", "wfformat", "x", "--time-scale", "fast")]
    [InlineData("Required command was not provided", "import")]
    [InlineData("--input goes with a FILE", "run", "--id", "a", "--input", "{}")]
    [InlineData("Required argument missing", "answer", "a")]
    [InlineData("Required argument missing", "signal", "a")]
    [InlineData("Option '--to' is required", "rewind", "a")]
    [InlineData("RUN is an id of 1 to 200 of the characters", "show", "a b")]
    [InlineData("RUN is an id of 1 to 200 of the characters", "rewind", "", "--to", "x")]
    [InlineData("--id takes 1 to 200 of the characters", "fork", "a", "--id", "b/c")]
    [InlineData("--from takes a number from 1 up", "history", "a", "--from", "0")]
    [InlineData("--limit takes a number from 1 up", "history", "a", "--limit", "few")]
    public async Task Wrong_usage_is_one_line_on_stderr_and_exit_code_2(string message, params string[] args)
    {
        Assert.Equal(2, await _session.RunAsync(args));

        Assert.Contains(message, Assert.Single(_session.ErrorLines));
        Assert.StartsWith("actorflow: ", _session.Error);
        Assert.Contains("--help' shows how", _session.Error);
        Assert.Empty(_session.Out);
    }

    [Fact]
    public async Task A_missing_file_is_one_line_without_a_stack_trace()
    {
        Assert.Equal(2, await _session.RunAsync("graph", "no-such.yaml"));

        Assert.Equal("actorflow: there is no file no-such.yaml", Assert.Single(_session.ErrorLines));
    }

    [Fact]
    public async Task Verbose_shows_the_stack_trace()
    {
        Assert.Equal(2, await _session.RunAsync("graph", "no-such.yaml", "--verbose"));

        Assert.Contains("   at ", _session.Error);
    }
}
