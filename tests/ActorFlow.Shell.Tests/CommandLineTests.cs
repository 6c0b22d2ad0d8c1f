using System.Text.Json;
using ActorFlow.Shell.Tests.Runs;

namespace ActorFlow.Shell.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly ShellSession _session = new() { Runner = new ScriptedRunner() };

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    public async Task Version_is_one_line_and_nothing_else(string option)
    {
        Assert.Equal(0, await _session.RunAsync(option));

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
    [InlineData("import")]
    [InlineData("import", "wfformat")]
    [InlineData("help")]
    [InlineData("db")]
    [InlineData("db", "check")]
    [InlineData("db", "compact")]
    [InlineData("dev")]
    [InlineData("node")]
    [InlineData("workflow")]
    [InlineData("definition")]
    public async Task Every_verb_shows_examples_in_its_help(params string[] verb)
    {
        Assert.Equal(0, await _session.RunAsync([.. verb, "--help"]));

        var examples = _session.Out[_session.Out.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains($"\n  actorflow {string.Join(' ', verb)}".TrimEnd(), examples);
        Assert.Empty(_session.Error);
    }

    [Theory]
    [InlineData("graph", "x.yaml", "--format", "png", "-o", "json")]
    [InlineData("workflow", "-o", "json", "list", "--status", "odd")]
    public async Task Wrong_usage_is_a_document_where_json_is_asked_for(params string[] args)
    {
        Assert.Equal(2, await _session.RunAsync(args));

        var error = JsonDocument.Parse(_session.Out).RootElement.GetProperty("error");
        Assert.Equal(("invalid-request", Assert.Single(_session.ErrorLines)), (error.GetProperty("code").GetString(), $"actorflow: {error.GetProperty("message").GetString()}"));
        Assert.EndsWith(" --help", Assert.Single(error.GetProperty("next").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_verb_is_made_without_the_others()
    {
        var console = new ShellConsole(TextReader.Null, TextWriter.Null, TextWriter.Null, ErrorIsTerminal: false);
        string[] NamesFor(params string[] args) => [.. ActorFlowCommand.VerbsFor(args, console, () => new ScriptedRunner()).Select(verb => verb.Name)];

        var all = NamesFor();

        Assert.Equal(19, all.Length);
        Assert.All(all, name =>
        {
            var made = NamesFor(name, "x");
            Assert.Contains(name, made);
            Assert.InRange(made.Length, 1, 3);
        });
        Assert.Equal(all, NamesFor("--verbose", "run"));
    }

    [Theory]
    [InlineData("'validte' is not understood here. Did you mean 'validate'?", "validte")]
    [InlineData("'--frmat' is not understood here. Did you mean '--format'?", "graph", "--frmat", "svg", "x.yaml")]
    [InlineData("'--verbos' is not understood here. Did you mean '--verbose'?", "run", "x.yaml", "--verbos")]
    [InlineData("'foo' is no verb; 'actorflow' has run, answer, signal", "foo")]
    [InlineData("'foo' is no verb; 'actorflow' has run, answer, signal", "foo", "--help")]
    [InlineData("'foo' is no verb; 'actorflow import' has wfformat.", "import", "foo", "x")]
    [InlineData("'' is no verb", "")]
    [InlineData("'b' is one argument too many: actorflow run takes [FILE].", "run", "a.yaml", "b")]
    [InlineData("'c' is one argument too many: actorflow signal takes RUN NAME [PAYLOAD].", "signal", "a", "b", "null", "c")]
    [InlineData("'-x' is no option of 'graph'", "graph", "a.yaml", "-x")]
    [InlineData("--format takes mermaid, dot or svg, not 'png'", "graph", "x.yaml", "--format", "png")]
    [InlineData("--format takes mermaid, dot or svg, not ''", "graph", "x.yaml", "--format", "")]
    [InlineData("-o takes table or json, not 'out.yaml'", "import", "wfformat", "x.json", "-o", "out.yaml")]
    [InlineData("-o takes table or json, not 'out.svg'", "graph", "x.yaml", "-o", "out.svg")]
    [InlineData("-o takes table or json, not 'xml'", "signal", "a", "b", "-o", "xml")]
    [InlineData("-o takes table or json, not 'xml'", "answer", "a", "b", "yes", "-o", "xml")]
    [InlineData("-o needs a value (for people (table) or programs (json)", "show", "a", "-o")]
    [InlineData("--input needs a value (the input: JSON, @file, or - for standard input)", "run", "x.yaml", "--input")]
    [InlineData("--id is given 2 times; give it once", "run", "x.yaml", "--id", "a", "--id", "b")]
    [InlineData("'actorflow run' needs a FILE to run, or --id ID", "run")]
    [InlineData("'actorflow validate' needs FILE (workflow files, YAML or JSON)", "validate")]
    [InlineData("'actorflow show' needs RUN (the id of the run", "show")]
    [InlineData("--parallel takes a number from 1 to 10000, not '0'", "run", "x.yaml", "--parallel", "0")]
    [InlineData("--parallel takes a number", "run", "x.yaml", "--parallel", "many")]
    [InlineData("--id takes 1 to 200 of the characters", "run", "x.yaml", "--id", "a b")]
    [InlineData("--time-scale takes a number", "import", "wfformat", "x", "--time-scale", "-1")]
    [InlineData("--time-scale takes a number", "import", "wfformat", "x", "--time-scale", "fast")]
    [InlineData("'actorflow import' needs a verb: wfformat.", "import")]
    [InlineData("'actorflow' needs a verb: run, answer", "--verbose")]
    [InlineData("('actorflow import wfformat --help' shows how)", "import", "wfformat")]
    [InlineData("--input goes with a FILE", "run", "--id", "a", "--input", "{}")]
    [InlineData("'actorflow answer' needs TASK (the path of the task that asks; the iteration of a loop may be left out) and VALUE (yes or no", "answer", "a")]
    [InlineData("'actorflow signal' needs NAME (the signal's name)", "signal", "a")]
    [InlineData("'actorflow rewind' needs --to NAME|#N (the checkpoint)", "rewind", "a")]
    [InlineData("RUN is an id of 1 to 200 of the characters", "show", "a b")]
    [InlineData("RUN is an id of 1 to 200 of the characters", "rewind", "", "--to", "x")]
    [InlineData("--id takes 1 to 200 of the characters", "fork", "a", "--id", "b/c")]
    [InlineData("--from takes a number from 1 up", "history", "a", "--from", "0")]
    [InlineData("--limit takes a number from 1 up", "history", "a", "--limit", "few")]
    [InlineData("--port takes a number from 0 to 65534, not '65535'", "dev", "--port", "65535")]
    [InlineData("--set takes KEY=VALUE", "node", "--set", "Api:Address")]
    [InlineData("'strt' is not understood here. Did you mean 'start'?", "workflow", "strt")]
    [InlineData("--status takes running, paused", "workflow", "list", "--status", "odd")]
    [InlineData("--since takes a time", "workflow", "count", "--since", "never")]
    [InlineData("--tag takes KEY=VALUE", "workflow", "start", "order", "--tag", "ada")]
    [InlineData("--tag is given twice for a", "workflow", "start", "order", "--tag", "a=1", "--tag", "a=2")]
    [InlineData("NAME[@V] is the name of a definition", "workflow", "start", "order@x")]
    [InlineData("'actorflow workflow rewind' needs --to NAME|#N (the checkpoint)", "workflow", "rewind", "a")]
    [InlineData("-o takes table or json, not 'xml'", "definition", "list", "-o", "xml")]
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

        Assert.Equal($"actorflow: there is no file no-such.yaml in {Directory.GetCurrentDirectory()}", Assert.Single(_session.ErrorLines));
    }

    [Theory]
    [InlineData("if o7 is the id of a run: actorflow run --id o7", "run", "o7")]
    [InlineData("if o7 is the id of a run: actorflow run --id o7 --data 'my data'", "run", "o7", "--data", "my data")]
    [InlineData("if o7 is the id of a run: actorflow show o7", "graph", "o7")]
    public async Task An_id_where_a_file_is_wanted_gets_the_line_that_takes_an_id(string hint, params string[] args)
    {
        Assert.Equal(2, await _session.RunAsync(args));

        Assert.EndsWith($"; {hint}", Assert.Single(_session.ErrorLines));
    }

    [Theory]
    [InlineData("run", "")]
    [InlineData("graph", "")]
    [InlineData("import", "wfformat", "")]
    [InlineData("signal", "a", "b", "@")]
    [InlineData("run", " ")]
    public async Task The_empty_name_of_a_file_is_one_line(params string[] args)
    {
        Assert.Equal(2, await _session.RunAsync(args));

        Assert.EndsWith("' names no file; name the file to read", Assert.Single(_session.ErrorLines));
    }

    [Theory]
    [InlineData()]
    [InlineData("run")]
    [InlineData("import", "wfformat")]
    public async Task Help_is_a_verb_too(params string[] verb)
    {
        Assert.Equal(0, await _session.RunAsync(["help", .. verb]));
        using var asked = new ShellSession { Runner = new ScriptedRunner() };
        await asked.RunAsync([.. verb, "--help"]);

        Assert.Equal(asked.Out, _session.Out);
    }

    [Theory]
    [InlineData("there is no verb 'rum': 'actorflow' has run, answer", "rum")]
    [InlineData("Did you mean 'run'?", "rum")]
    [InlineData("there is no verb 'x': 'actorflow run' has no verbs", "run", "x")]
    public async Task Help_about_no_verb_says_which_there_are(string message, params string[] verb)
    {
        Assert.Equal(2, await _session.RunAsync(["help", .. verb]));

        Assert.Contains(message, Assert.Single(_session.ErrorLines));
        Assert.Empty(_session.Out);
    }

    [Theory]
    [InlineData("show", "r")]
    [InlineData("signal", "r", "s")]
    [InlineData("rewind", "r", "--to", "x")]
    public async Task A_directory_without_runs_is_left_as_it_is(params string[] verb)
    {
        var directory = Path.GetDirectoryName(_session.Write("notes.txt", ""))!;

        Assert.Equal(4, await _session.RunAsync([.. verb, "--data", directory]));

        Assert.Equal($"actorflow: nothing is stored in {directory}; name another with --data", Assert.Single(_session.ErrorLines));
        Assert.Equal(["notes.txt"], Directory.GetFiles(directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Verbose_shows_the_stack_trace()
    {
        Assert.Equal(2, await _session.RunAsync("graph", "no-such.yaml", "--verbose"));

        Assert.Contains("   at ", _session.Error);
    }
}
