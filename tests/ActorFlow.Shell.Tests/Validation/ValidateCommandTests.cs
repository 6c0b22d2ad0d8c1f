using System.Text.Json;

namespace ActorFlow.Shell.Tests.Validation;

public sealed class ValidateCommandTests : IDisposable
{
    private const string Valid = "name: a\ntasks:\n  t: { uses: echo }\n";
    private const string Invalid = "name: a\ntasks:\n  t: { uses: echo, neds: [] }\n  u: { uses: echo, needs: [x] }\n";
    private const string Doubtful = "name: a\ntasks:\n  s: { switch: [{ case: unused }] }\n";

    private readonly ShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_valid_file_is_named_with_what_it_defines()
    {
        var file = _session.Write("a.yaml", Valid + "---\nname: b\nversion: 2\ntasks:\n  t: { uses: echo }\n");

        Assert.Equal(0, await _session.RunAsync("validate", file));

        Assert.Equal($"{file}: valid (a v1, b v2)", Assert.Single(_session.OutLines));
        Assert.Empty(_session.Error);
    }

    [Fact]
    public async Task All_errors_of_all_files_are_reported_with_place_and_code()
    {
        var invalid = _session.Write("a.yaml", Invalid);
        var valid = _session.Write("b.yaml", Valid);

        Assert.Equal(2, await _session.RunAsync("validate", invalid, valid));

        Assert.Collection(
            _session.OutLines,
            line => Assert.StartsWith($"{invalid}:3:20 unknown-key ", line),
            line => Assert.StartsWith($"{invalid}:4:28 unknown-need ", line),
            line => Assert.Equal($"{valid}: valid (a v1)", line));
    }

    [Fact]
    public async Task Warnings_go_to_stderr_and_leave_the_file_valid()
    {
        var file = _session.Write("a.yaml", Doubtful);

        Assert.Equal(0, await _session.RunAsync("validate", file));

        Assert.StartsWith($"{file}:3:", Assert.Single(_session.ErrorLines));
        Assert.Contains(" warning unused-case ", _session.Error);
        Assert.Equal($"{file}: valid (a v1)", Assert.Single(_session.OutLines));
    }

    [Fact]
    public async Task Json_is_one_object_per_problem_and_nothing_for_valid_files()
    {
        var invalid = _session.Write("a.yaml", Invalid);
        var valid = _session.Write("b.yaml", Valid);
        var doubtful = _session.Write("c.yaml", Doubtful);

        Assert.Equal(2, await _session.RunAsync("validate", invalid, valid, doubtful, "-o", "json"));

        var problems = _session.OutLines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["unknown-key", "unknown-need", "unused-case"], problems.Select(problem => problem.GetProperty("code").GetString()));
        Assert.Equal(["error", "error", "warning"], problems.Select(problem => problem.GetProperty("severity").GetString()));
        Assert.Equal(3, problems[0].GetProperty("line").GetInt32());
        Assert.Equal(20, problems[0].GetProperty("column").GetInt32());
        Assert.Equal(invalid, problems[0].GetProperty("file").GetString());
        Assert.Empty(_session.Error);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_does_not_stop_the_others()
    {
        var missing = _session.PathOf("missing.yaml");
        var directory = _session.PathOf("");
        var valid = _session.Write("b.yaml", Valid);

        Assert.Equal(2, await _session.RunAsync("validate", missing, directory, valid));

        Assert.Collection(
            _session.OutLines,
            line => Assert.Equal($"{missing}:1:1 unreadable there is no file {missing}", line),
            line => Assert.Contains("is a directory", line),
            line => Assert.Equal($"{valid}: valid (a v1)", line));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\0\u0001binary", "not-text")]
    [InlineData("name: [", "syntax")]
    [InlineData("just text", "wrong-type")]
    public async Task A_file_that_is_no_definition_is_one_clear_line(string text, string code)
    {
        var file = _session.Write("a.yaml", text);

        Assert.Equal(2, await _session.RunAsync("validate", file));

        Assert.Matches($@":\d+:\d+ {code} \S", Assert.Single(_session.OutLines));
    }

    [Fact]
    public async Task A_file_of_a_hundred_megabytes_is_refused_unread()
    {
        var file = _session.PathOf("large.yaml");
        await using (var stream = File.Create(file))
        {
            stream.SetLength(100 << 20);
        }

        Assert.Equal(2, await _session.RunAsync("validate", file));

        Assert.Contains("larger than", Assert.Single(_session.OutLines));
    }
}
