namespace ActorFlow.Shell.Tests.Nodes;

/// <summary>The verbs of <c>actorflow definition</c> at a node that serves.</summary>
public sealed class DefinitionVerbsTests(ServedNodeFixture node) : IClassFixture<ServedNodeFixture>, IDisposable
{
    private const string Valid = "name: mine\nversion: 2\ntasks:\n  say: { uses: echo, with: hello }\n";
    private const string Wrong = "name: wrong\ntasks:\n  a: { uses: echo, needs: nobody }\n  b: { uses: echo, needs: no-one }\n";

    private readonly ShellSession _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task What_is_registered_is_listed_and_shown()
    {
        var registered = await SayAsync("register", _files.Write("mine.yaml", Valid));
        var again = await SayAsync("register", _files.PathOf("mine.yaml"), "-o", "table");
        var listed = await SayAsync("list", "-o", "table");
        var versions = await SayAsync("versions", "mine");
        var yaml = await SayAsync("show", "mine@2", "-o", "table");
        var json = await SayAsync("show", "mine");

        Assert.Equal((0, 0), (registered.Code, again.Code));
        Assert.StartsWith("""{"name":"mine","version":2,"hash":""", registered.Out);
        Assert.Matches("^NAME +VERSION +REGISTERED +HASH$", again.OutLines[0]);
        Assert.Contains(listed.OutLines, line => line.StartsWith("mine ", StringComparison.Ordinal));
        Assert.Equal(registered.Out, versions.Out);
        Assert.StartsWith("name: \"mine\"", yaml.Out);
        Assert.StartsWith("""{"name":"mine","version":2""", json.Out);
    }

    [Fact]
    public async Task Every_error_of_a_file_is_told_in_its_place()
    {
        var file = _files.Write("wrong.yaml", Wrong);

        var registered = await SayAsync("register", file);
        var validated = await SayAsync("validate", file, "-o", "table");
        var local = await Said.ByAsync("validate", file);

        Assert.Equal((2, ""), (registered.Code, registered.Out));
        Assert.StartsWith($"{file}:3:", registered.ErrorLines[0]);
        Assert.Equal($"actorflow: {file} has 2 errors, listed above; correct the file and try again", registered.ErrorLines[^1]);
        Assert.Equal(2, validated.Code);
        Assert.Equal(registered.ErrorLines[..^1], validated.OutLines);
        Assert.Equal(local.Out, validated.Out);
    }

    [Fact]
    public async Task A_valid_file_is_said_to_be()
    {
        var file = _files.Write("valid.yaml", Valid);

        var said = await SayAsync("validate", file, "-o", "table");

        Assert.Equal((0, $"{file}: valid"), (said.Code, said.Out.Trim()));
    }

    [Fact]
    public async Task A_version_with_other_content_is_a_conflict()
    {
        await SayAsync("register", _files.Write("one.yaml", "name: fixed\ntasks:\n  say: { uses: echo, with: one }\n"));

        var said = await SayAsync("register", _files.Write("two.yaml", "name: fixed\ntasks:\n  say: { uses: echo, with: two }\n"));

        Assert.Equal(5, said.Code);
        Assert.Contains("fixed", Assert.Single(said.ErrorLines));
    }

    [Theory]
    [InlineData(4, "nope", "show", "nope")]
    [InlineData(4, "There is no definition 'nope'; see: actorflow definition list --address http", "versions", "nope")]
    [InlineData(2, "there is no file no-such.yaml", "register", "no-such.yaml")]
    public async Task A_refusal_is_one_line_and_its_exit_code(int code, string line, params string[] words)
    {
        var said = await SayAsync(words);

        Assert.Contains(line, Assert.Single(said.ErrorLines));
        Assert.Equal((code, ""), (said.Code, said.Out));
    }

    private Task<Said> SayAsync(params string[] words) => Said.ByAsync(["definition", .. words, "--address", node.Address]);
}
