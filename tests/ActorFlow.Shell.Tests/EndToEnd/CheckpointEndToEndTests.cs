using System.Text.Json;
using ActorFlow.Tasks.Tests;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>Looking at runs, and taking them back, as the user of the built command does; executions are counted.</summary>
public sealed class CheckpointEndToEndTests : IDisposable
{
    private const string Steps =
        """
        name: steps
        tasks:
          a: { uses: process, with: { command: sh, args: [-c, "echo a >> executions"] }, checkpoint: true }
          b: { needs: a, uses: process, with: { command: sh, args: [-c, "echo b${{ input.n }} >> executions; echo ${{ input.n }}"] }, checkpoint: true }
          c: { needs: b, uses: process, with: { command: sh, args: [-c, "echo c${{ input.n }} >> executions; test ! -f broken"] } }
        output: { n: "${{ Number(tasks.b.output.stdout) }}" }
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [UnixFact]
    public async Task A_run_goes_back_to_a_named_checkpoint_and_runs_on_from_there()
    {
        await RunAsync();

        var end = await _command.RunAsync("rewind", "s", "--to", "a");

        Assert.Equal((0, """{"n":1}"""), (end.ExitCode, end.Out.Trim()));
        Assert.Equal(["a", "b1", "c1", "b1", "c1"], _command.LinesOf("executions"));
        Assert.DoesNotContain(end.ErrorLines, line => line.Contains("a started"));
    }

    [UnixFact]
    public async Task A_fork_begins_at_the_newest_checkpoint_or_at_one_that_is_named_with_an_input_of_its_own()
    {
        await RunAsync();

        var newest = await _command.RunAsync("fork", "s", "--id", "f1");
        var named = await _command.RunAsync("fork", "s", "--from", "a", "--input", """{"n":2}""", "--id", "f2");
        var again = await _command.RunAsync("fork", "s", "--from", "a", "--id", "f2");
        var original = await _command.RunAsync("run", "--id", "s");
        var lineage = Json(await _command.RunAsync("show", "f2"));

        Assert.Equal((0, """{"n":1}"""), (newest.ExitCode, newest.Out.Trim()));
        Assert.Equal((0, """{"n":2}"""), (named.ExitCode, named.Out.Trim()));
        Assert.Equal((5, 0, """{"n":1}"""), (again.ExitCode, original.ExitCode, original.Out.Trim()));
        Assert.Equal(["a", "b1", "c1", "c1", "b2", "c2"], _command.LinesOf("executions"));
        Assert.Equal("s", lineage.GetProperty("forkedFrom").GetProperty("id").GetString());
    }

    [UnixFact]
    public async Task A_failed_run_is_retried_from_what_failed_or_from_a_task_on()
    {
        _command.Write("broken", string.Empty);
        var failed = await RunAsync();
        File.Delete(_command.PathOf("broken"));

        var retried = await _command.RunAsync("retry", "s");
        var refused = await _command.RunAsync("retry", "s");
        var from = await _command.RunAsync("retry", "s", "--from", "b");
        var unknown = await _command.RunAsync("retry", "s", "--from", "z");

        Assert.Equal((1, 0, 5, 0, 4), (failed.ExitCode, retried.ExitCode, refused.ExitCode, from.ExitCode, unknown.ExitCode));
        Assert.Equal(["a", "b1", "c1", "c1", "b1", "c1"], _command.LinesOf("executions"));
    }

    [UnixFact]
    public async Task Checkpoints_are_listed_newest_first_and_shown_in_full()
    {
        await RunAsync();

        var table = await _command.RunAsync("checkpoints", "s", "-o", "table");
        var listed = await _command.RunAsync("checkpoints", "s");
        var shown = Json(await _command.RunAsync("checkpoints", "s", "--show", "b"));
        var missing = await _command.RunAsync("checkpoints", "s", "--show", "nope");

        Assert.Equal(["b", "a"], table.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.Equal(["b", "a"], listed.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()));
        Assert.Equal(["completed", "completed", "running"], shown.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("state").GetString()));
        Assert.Equal("1\n", shown.GetProperty("tasks")[1].GetProperty("output").GetProperty("stdout").GetString());
        Assert.Equal((4, string.Empty), (missing.ExitCode, missing.Out));
        Assert.Contains("has no checkpoint 'nope'", Assert.Single(missing.ErrorLines));
        Assert.Equal(["a", "b1", "c1"], _command.LinesOf("executions"));
    }

    [UnixFact]
    public async Task The_history_names_every_attempt_in_order_and_can_be_read_in_part()
    {
        await RunAsync();

        var table = await _command.RunAsync("history", "s", "-o", "table");
        var all = Lines(await _command.RunAsync("history", "s"));
        var part = Lines(await _command.RunAsync("history", "s", "--from", "2", "--limit", "3"));
        var shown = await _command.RunAsync("show", "s", "-o", "table");

        Assert.Equal(all.Count, table.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(["a", "b", "c"], all.Where(line => line.GetProperty("event").GetString() == "attempt-started").Select(line => line.GetProperty("task").GetString()));
        Assert.Equal(("run-started", "run-completed"), (all[0].GetProperty("event").GetString(), all[^1].GetProperty("event").GetString()));
        Assert.Equal(all.Where(line => line.GetProperty("row").GetInt64() >= 2).Take(3).Select(line => line.ToString()), part.Select(line => line.ToString()));
        Assert.StartsWith("s  steps@1  completed", shown.Out);
        Assert.EndsWith("Output\n{\"n\":1}\n", shown.Out);
    }

    [UnixFact]
    public async Task A_run_that_is_not_there_is_one_line_and_exit_code_4()
    {
        await RunAsync();
        string[][] verbs =
        [
            ["show", "x"], ["history", "x"], ["checkpoints", "x"], ["answer", "x", "t", "yes"], ["signal", "x", "s"], ["run", "--id", "x"],
            ["rewind", "x", "--to", "a"], ["fork", "x"], ["retry", "x"],
        ];

        foreach (var verb in verbs)
        {
            var end = await _command.RunAsync(verb);

            Assert.Equal((string.Join(' ', verb), 4, string.Empty), (string.Join(' ', verb), end.ExitCode, end.Out));
            Assert.Contains("There is no workflow run 'x'", Assert.Single(end.ErrorLines));
        }
    }

    private async Task<BuiltCommand.Ended> RunAsync()
    {
        _command.Write("steps.yaml", Steps);
        return await _command.RunAsync("run", "steps.yaml", "--id", "s", "--input", """{"n":1}""");
    }

    private static JsonElement Json(BuiltCommand.Ended end) => Assert.Single(Lines(end));

    private static List<JsonElement> Lines(BuiltCommand.Ended end) =>
        [.. end.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
