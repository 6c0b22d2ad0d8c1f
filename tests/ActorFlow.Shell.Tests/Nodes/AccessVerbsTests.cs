using System.Text.Json;

namespace ActorFlow.Shell.Tests.Nodes;

/// <summary>The verbs <c>key</c>, <c>audit</c> and <c>workflow explain</c>, at a node and at a store without one.</summary>
public sealed class AccessVerbsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-keys-");
    private readonly ServedNodeFixture _node = new();

    public Task InitializeAsync() => _node.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Failure_91_the_first_key_is_made_in_the_store_and_the_last_admin_key_goes_with_yes_only()
    {
        var data = Path.Combine(_directory.FullName, "data");
        var made = await Said.ByAsync("key", "create", "--name", "admin", "--role", "admin", "--data", data);
        var again = await Said.ByAsync("key", "create", "--name", "admin", "--role", "admin", "--data", data);
        var listed = await Said.ByAsync("key", "list", "--data", data, "-o", "json");
        var asked = await Said.ByAsync("key", "revoke", "admin", "--data", data);
        var revoked = await Said.ByAsync("key", "revoke", "admin", "--yes", "--data", data);
        var after = await Said.ByAsync("key", "list", "--data", data, "-o", "table");

        Assert.Equal(0, made.Code);
        Assert.Matches("^af_[0-9a-z]+_[0-9a-z]{52,}$", Assert.Single(made.OutLines));
        Assert.Equal((5, "actorflow: There is a key 'admin'; choose another name, or revoke that one"), (again.Code, again.ErrorLines[^1]));
        var key = JsonDocument.Parse(Assert.Single(listed.OutLines)).RootElement;
        Assert.Equal(("admin", "admin", $"os:{Environment.UserName}"), (Text(key, "name"), Text(key, "role"), Text(key, "createdBy")));
        Assert.Equal(7, asked.Code);
        Assert.Contains("this would revoke the key admin (admin), the last one with the role admin; do it with: actorflow key revoke admin --yes --data", asked.ErrorLines[^1]);
        Assert.Equal(0, revoked.Code);
        Assert.DoesNotContain(" - ", after.OutLines[^1].TrimEnd()[^3..], StringComparison.Ordinal);
        Assert.DoesNotContain(made.OutLines[0].Split('_')[2], File.ReadAllText(Directory.GetFiles(data, "*.db").Single(), System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_reads_or_revokes_makes_no_store()
    {
        var data = Path.Combine(_directory.FullName, "missing");

        foreach (var words in (string[][])[["key", "list"], ["key", "revoke", "admin", "--yes"], ["audit"]])
        {
            var said = await Said.ByAsync([.. words, "--data", data]);
            Assert.Equal((4, $"actorflow: there is no data directory {data}; name another with --data"), (said.Code, Assert.Single(said.ErrorLines)));
        }

        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Once_there_is_a_key_the_node_asks_for_one_and_the_audit_says_who_did_what()
    {
        var made = await AtAsync("key", "create", "--name", "ada", "--role", "admin");
        var key = made.OutLines[^1];
        var stranger = await AtAsync("workflow", "list");
        var wrong = await AtAsync("workflow", "list", "--api-key", "af_0_0");
        var started = await AtAsync("workflow", "start", "echo", "--id", "audited", "--api-key", key);
        var reader = (await AtAsync("key", "create", "--name", "eve", "--role", "viewer", "--expires", "90d", "--api-key", key)).OutLines[^1];
        var forbidden = await AtAsync("workflow", "cancel", "audited", "--api-key", reader);
        var audit = await AtAsync("audit", "--target", "audited", "--api-key", key, "-o", "json");
        var keys = await AtAsync("key", "list", "--api-key", key, "-o", "table");
        var table = await AtAsync("audit", "--by", "ada", "--api-key", key, "-o", "table");

        Assert.Equal((0, 6, 6, 0, 6), (made.Code, stranger.Code, wrong.Code, started.Code, forbidden.Code));
        Assert.Contains("--api-key", stranger.ErrorLines[^1]);
        var entry = JsonDocument.Parse(Assert.Single(audit.OutLines)).RootElement;
        Assert.Equal(("ada", "admin", "Workflows.Start", "audited", "ok"), (Text(entry, "by"), Text(entry, "role"), Text(entry, "operation"), Text(entry, "target"), Text(entry, "outcome")));
        Assert.Contains(keys.OutLines, line => line.Contains(" eve   viewer ", StringComparison.Ordinal));
        Assert.Contains(table.OutLines, line => line.Contains("Workflows.Start", StringComparison.Ordinal) && line.Contains("audited", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_explanation_names_the_command_that_helps()
    {
        await AtAsync("workflow", "start", "order", "--id", "why", "--input", """{"id":1}""");
        await AtAsync("workflow", "start", "echo", "--id", "later", "--delay", "2h");
        var people = await AtAsync("workflow", "explain", "why", "-o", "table");
        var programs = await AtAsync("workflow", "explain", "why", "-o", "json");
        var later = await AtAsync("workflow", "explain", "later", "-o", "table");
        var unknown = await AtAsync("workflow", "explain", "nobody");

        Assert.StartsWith("why: waiting. paid waits for the signal paid.", people.OutLines[0], StringComparison.Ordinal);
        Assert.Equal("    actorflow workflow signal why paid", people.OutLines[^1]);
        Assert.Equal("actorflow workflow signal why paid", Text(JsonDocument.Parse(programs.Out).RootElement.GetProperty("reasons")[0], "command"));
        Assert.StartsWith("later: waiting. Its start is delayed: no task has begun.", later.OutLines[0], StringComparison.Ordinal);
        Assert.Equal(4, unknown.Code);
    }

    [Theory]
    [InlineData("key", "create", "--role", "admin")]
    [InlineData("key", "create", "--name", "a", "--role", "boss")]
    [InlineData("key", "create", "--name", "a b", "--role", "admin")]
    [InlineData("key", "create", "--name", "a", "--role", "admin", "--expires", "soon")]
    [InlineData("key", "create", "--name", "a", "--role", "admin", "--expires", "0s")]
    [InlineData("key", "revoke")]
    [InlineData("audit", "--since", "then")]
    [InlineData("audit", "--limit", "0")]
    [InlineData("workflow", "start", "echo", "--delay", "4000d")]
    [InlineData("key", "list", "--data", "x", "--database", "y")]
    public async Task What_is_wrong_is_one_line_and_exit_code_2(params string[] words)
    {
        var said = await AtAsync(words);

        Assert.Equal(2, said.Code);
        Assert.Empty(said.OutLines);
        Assert.StartsWith("actorflow: ", Assert.Single(said.ErrorLines), StringComparison.Ordinal);
    }

    private Task<Said> AtAsync(params string[] words) => Said.ByAsync([.. words, "--address", _node.Address]);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
