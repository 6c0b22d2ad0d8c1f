using System.Text.Json;

namespace ActorFlow.Shell.Tests.Import;

public sealed class ImportCommandTests : IDisposable
{
    private const string Small = """
        {
          "name": "My Workflow!", "description": "Two\nlines", "schemaVersion": "1.5",
          "workflow": {
            "specification": { "tasks": [
              { "id": "a.1", "name": "First: \"task\"", "parents": [], "children": ["a-1", "9"] },
              { "id": "a-1", "name": "second", "parents": ["a.1", "a.1"], "children": [] },
              { "id": "a_1", "name": "third", "parents": ["a.1", "a-1"] },
              { "id": "9", "name": "fourth" } ] },
            "execution": { "tasks": [
              { "id": "a.1", "runtimeInSeconds": 1.2345 },
              { "id": "a-1", "runtimeInSeconds": 90 },
              { "id": "9", "runtimeInSeconds": 0.0004 } ] } } }
        """;

    private readonly ShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Tasks_keep_their_needs_names_and_scaled_run_times_under_valid_unique_ids()
    {
        Assert.Equal(0, await ImportAsync(Small, "--time-scale", "2"));

        Assert.Equal(
            """
            name: "my_workflow_"
            description: "Two lines"
            tasks:
              a_1:
                title: "First: \"task\""
                uses: sleep
                with: { for: 2s469ms }
              a-1:
                title: "second"
                uses: sleep
                with: { for: 3m }
                needs: [a_1]
              a_1_2:
                title: "third"
                uses: sleep
                with: { for: 0s }
                needs: [a_1, a-1]
              _9:
                title: "fourth"
                uses: sleep
                with: { for: 1ms }

            """,
            _session.Out);
    }

    [Fact]
    public async Task What_was_imported_is_valid()
    {
        await ImportAsync(Small, "--out", _session.PathOf("out.yaml"));

        Assert.Equal(0, await _session.RunAsync("validate", _session.PathOf("out.yaml")));
        Assert.Empty(_session.Error);
    }

    [Fact]
    public async Task A_time_scale_of_zero_makes_every_sleep_0s()
    {
        await ImportAsync(Small, "--time-scale", "0");

        Assert.Equal(4, _session.OutLines.Count(line => line == "    with: { for: 0s }"));
    }

    [Theory]
    [InlineData("{", "is not JSON: There is an open JSON object or array that should be closed (line 1, column 2)")]
    [InlineData("[]", "has no list at workflow.specification.tasks")]
    [InlineData("""{"schemaVersion":"1.4"}""", "is WfFormat 1.4; only 1.5 can be imported")]
    [InlineData("""{"workflow":{"specification":{"tasks":[]}}}""", "has 0 tasks")]
    [InlineData("""{"workflow":{"specification":{"tasks":[{}]}}}""", "has neither 'id' nor 'name' at workflow.specification.tasks[0]")]
    [InlineData("""{"workflow":{"specification":{"tasks":[7]}}}""", "has neither 'id' nor 'name'")]
    [InlineData("""{"workflow":{"specification":{"tasks":[{"id":"a"},{"id":"a"}]}}}""", "has two tasks with the id 'a'")]
    [InlineData("""{"workflow":{"specification":{"tasks":[{"id":"a","parents":["b"]}]}}}""", "names a parent 'b' of 'a' that is none of its tasks")]
    [InlineData("""{"workflow":{"specification":{"tasks":[{"id":"a"}]},"execution":{"tasks":[{"id":"a","runtimeInSeconds":-1}]}}}""", "runtimeInSeconds that is no duration, -1, for task 'a'")]
    [InlineData("""{"workflow":{"specification":{"tasks":[{"id":"a"}]},"execution":{"tasks":[{"id":"a","runtimeInSeconds":1e300}]}}}""", "use a smaller --time-scale")]
    public async Task Bad_input_is_one_clear_line_and_exit_code_2(string json, string message)
    {
        Assert.Equal(2, await ImportAsync(json));

        Assert.Contains(message, Assert.Single(_session.ErrorLines));
        Assert.Empty(_session.Out);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        Assert.Equal(2, await ImportAsync(Small, "--out", _session.PathOf("no/such/directory.yaml")));

        Assert.StartsWith("actorflow: cannot write ", Assert.Single(_session.ErrorLines));
    }

    [Fact]
    public async Task Json_is_one_object_with_the_name_the_text_and_where_it_was_written()
    {
        Assert.Equal(0, await ImportAsync(Small, "--out", _session.PathOf("out.yaml"), "-o", "json"));

        var imported = JsonDocument.Parse(Assert.Single(_session.OutLines)).RootElement;
        Assert.Equal(("my_workflow_", 4), (imported.GetProperty("definition").GetString(), imported.GetProperty("tasks").GetInt32()));
        Assert.Equal(_session.PathOf("out.yaml"), imported.GetProperty("file").GetString());
        Assert.Equal(await File.ReadAllTextAsync(_session.PathOf("out.yaml")), imported.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("name: hello\ntasks:\n  a: { uses: echo }\n")]
    [InlineData("null null null null null null null null null null null null null null null null null null null null null null")]
    [InlineData("[1, 2, three]")]
    public async Task What_is_not_json_is_not_printed(string text)
    {
        Assert.Equal(2, await ImportAsync(text + new string('x', 5_000)));

        var line = Assert.Single(_session.ErrorLines);
        Assert.Contains("is no WfFormat 1.5: it is not JSON: ", line);
        Assert.Contains("(line ", line);
        Assert.True(line.Length < _session.PathOf("source.json").Length + 160, line);
    }

    private Task<int> ImportAsync(string json, params string[] options) =>
        _session.RunAsync(["import", "wfformat", _session.Write("source.json", json), .. options]);
}
