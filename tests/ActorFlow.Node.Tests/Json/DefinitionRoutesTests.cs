using System.Net;
using System.Text.Json;

namespace ActorFlow.Node.Tests.Json;

public sealed class DefinitionRoutesTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private const string Two = """
        name: first
        tasks:
          a: { uses: echo, with: "a: #1" }
        ---
        name: second
        version: 2
        tasks:
          b: { uses: echo, with: yes }
        """;

    private RunningNode Node => fixture.Node;

    [Fact]
    public async Task Definitions_are_registered_listed_read_as_JSON_and_YAML_and_drawn()
    {
        var (created, answer, _) = await Node.SendAsync("POST", "/api/v1/definitions", Two, "application/yaml");
        var (again, repeated, _) = await Node.SendAsync("POST", "/api/v1/definitions", Two, "application/yaml");
        var (_, versions, _) = await Node.SendAsync("GET", "/api/v1/definitions/second");
        var (_, json, _) = await Node.SendAsync("GET", "/api/v1/definitions/second/2");
        var (_, yaml, response) = await Node.SendAsync("GET", "/api/v1/definitions/first/1", headers: ("Accept", "application/yaml"));
        var (readBack, unchanged, _) = await Node.SendAsync("POST", "/api/v1/definitions", yaml, "application/yaml");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created, again));
        Assert.Equal(["first", "second"], Names(answer));
        Assert.Equal((2, 0), (answer.Split("\"created\":true").Length - 1, repeated.Split("\"created\":true").Length - 1));
        Assert.Contains("\"version\":2", versions, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"second\"", json, StringComparison.Ordinal);
        Assert.Equal("application/yaml", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("name: \"first\"\n", yaml, StringComparison.Ordinal);
        // The same content: its hash is that of the registered one.
        Assert.Equal(HttpStatusCode.OK, readBack);
        Assert.DoesNotContain("\"created\":true", unchanged, StringComparison.Ordinal);
        foreach (var (format, mark, type) in ((string, string, string)[])
            [("", "flowchart", "text/vnd.mermaid"), ("?format=dot", "digraph", "text/vnd.graphviz"), ("?format=svg", "<svg", "image/svg+xml")])
        {
            var (drawn, graph, graphResponse) = await Node.SendAsync("GET", "/api/v1/definitions/first/1/graph" + format);
            Assert.Equal((HttpStatusCode.OK, type), (drawn, graphResponse.Content.Headers.ContentType!.MediaType));
            Assert.Contains(mark, graph, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_with_errors_is_refused_with_all_of_them_and_nothing_is_registered()
    {
        const string Wrong = "name: wrong\ntasks:\n  a: { uses: echo, wiht: 1 }\n  b: { neds: a }\n";

        var (refused, problem, response) = await Node.SendAsync("POST", "/api/v1/definitions", Wrong, "application/yaml");
        var (validated, validation, _) = await Node.SendAsync("POST", "/api/v1/definitions/validate", Wrong, "application/yaml");
        var (unknown, _, _) = await Node.SendAsync("GET", "/api/v1/definitions/wrong");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK, HttpStatusCode.NotFound), (refused, validated, unknown));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var document = JsonDocument.Parse(problem);
        Assert.Equal("definition-invalid", document.RootElement.GetProperty("code").GetString());
        var problems = document.RootElement.GetProperty("problems").EnumerateArray().ToList();
        Assert.True(problems.Count >= 2, problem);
        Assert.Equal(3, problems[0].GetProperty("line").GetInt32());
        Assert.Contains("\"valid\":false", validation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_with_other_content_is_a_conflict()
    {
        await Node.SendAsync("POST", "/api/v1/definitions", "name: fixed\ntasks:\n  a: { uses: echo }\n", "application/yaml");

        var (status, problem, _) = await Node.SendAsync("POST", "/api/v1/definitions", "name: fixed\ntasks:\n  b: { uses: echo }\n", "application/yaml");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("definition-conflict", problem, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("definitions").EnumerateArray().Select(one => one.GetProperty("name").GetString()!).ToList();
    }
}
