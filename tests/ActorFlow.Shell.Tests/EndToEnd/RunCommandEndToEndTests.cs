using ActorFlow.Tasks.Tests;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The built command as its user meets it: outputs, exit codes, and one line for whatever is wrong.</summary>
public sealed class RunCommandEndToEndTests : IDisposable
{
    private const string Hello =
        """
        name: hello
        input: { type: object, properties: { name: { type: string } } }
        tasks:
          greet: { uses: echo, with: { text: "Hello, ${{ input.name ?? 'you' }}!" } }
        output: ${{ tasks.greet.output.text }}
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task A_run_prints_its_output_as_json_and_nothing_else_on_standard_output()
    {
        _command.Write("hello.yaml", Hello);

        var end = await _command.RunAsync("run", "hello.yaml", "--input", """{"name":"Ada"}""");

        Assert.Equal((0, "\"Hello, Ada!\"\n"), (end.ExitCode, end.Out));
    }

    [Fact]
    public async Task The_id_of_a_closed_run_prints_its_stored_result_and_runs_nothing()
    {
        _command.Write("hello.yaml", Hello);
        var first = await _command.RunAsync("run", "hello.yaml", "--id", "once", "--input", """{"name":"Ada"}""");

        var again = await _command.RunAsync("run", "hello.yaml", "--id", "once");

        Assert.Equal((0, first.Out), (again.ExitCode, again.Out));
        Assert.DoesNotContain(again.ErrorLines, line => line.Contains("greet started"));
    }

    [Fact]
    public async Task An_id_in_use_with_other_input_or_other_content_is_a_conflict()
    {
        _command.Write("hello.yaml", Hello);
        _command.Write("other.yaml", Hello.Replace("Hello,", "Good morning,"));
        await _command.RunAsync("run", "hello.yaml", "--id", "taken", "--input", """{"name":"Ada"}""");

        var otherInput = await _command.RunAsync("run", "hello.yaml", "--id", "taken", "--input", """{"name":"Grace"}""");
        var otherContent = await _command.RunAsync("run", "other.yaml", "--id", "taken");

        Assert.Equal((5, 5), (otherInput.ExitCode, otherContent.ExitCode));
        Assert.All([otherInput, otherContent], end => AssertOneLine(end, "taken"));
    }

    [Fact]
    public async Task A_failed_run_names_its_task_and_exits_with_1()
    {
        _command.Write("fails.yaml",
            """
            name: fails
            tasks:
              broken: { uses: process, with: { command: git, args: [no-such-verb] } }
            """);

        var end = await _command.RunAsync("run", "fails.yaml");

        Assert.Equal((1, string.Empty), (end.ExitCode, end.Out));
        Assert.Contains(end.ErrorLines, line => line.StartsWith("broken ProcessFailed after 1 attempt: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("name: x\ntasks:\n  a: { uses: nobody.offers }\n", "nobody.offers")]
    [InlineData("name: x\ntasks:\n  a: { uses: echo, needs: b }\n", "b")]
    [InlineData("name: x\ntasks:\n  a: { ask: { kind: choice, prompt: which } }\n", "options")]
    [InlineData("", "empty")]
    public async Task A_file_that_cannot_run_is_refused_before_anything_starts(string text, string named)
    {
        _command.Write("bad.yaml", text);

        var end = await _command.RunAsync("run", "bad.yaml");

        Assert.Equal((2, string.Empty), (end.ExitCode, end.Out));
        Assert.Contains(named, end.ErrorLines[0]);
        Assert.InRange(end.ErrorLines.Length, 1, 2);
        Assert.False(Directory.Exists(_command.PathOf(".actorflow")));
    }

    [Theory]
    [InlineData("{not json")]
    [InlineData("""{"name":7}""")]
    public async Task An_input_that_is_not_json_or_fails_its_schema_is_refused(string input)
    {
        _command.Write("hello.yaml", Hello);

        var end = await _command.RunAsync("run", "hello.yaml", "--input", input);

        Assert.Equal((2, string.Empty), (end.ExitCode, end.Out));
        AssertOneLine(end, "input");
    }

    [Fact]
    public async Task An_input_that_is_missing_is_named_with_the_option_that_gives_it()
    {
        _command.Write("hello.yaml", Hello.Replace("type: object,", "type: object, required: [name],", StringComparison.Ordinal));

        var end = await _command.RunAsync("run", "hello.yaml");

        Assert.Equal(2, end.ExitCode);
        AssertOneLine(end, "needs the property `name`; give it with --input: JSON, @file, or - for standard input");
    }

    [Theory]
    [InlineData("show", "nobody")]
    [InlineData("history", "nobody")]
    [InlineData("checkpoints", "nobody")]
    [InlineData("signal", "nobody", "s")]
    [InlineData("answer", "nobody", "t", "yes")]
    [InlineData("rewind", "nobody", "--to", "x")]
    [InlineData("retry", "nobody")]
    [InlineData("fork", "nobody")]
    [InlineData("run", "--id", "nobody")]
    public async Task An_unknown_run_names_the_directory_that_was_looked_in(params string[] verb)
    {
        _command.Write("hello.yaml", Hello);
        await _command.RunAsync("run", "hello.yaml");

        var end = await _command.RunAsync(verb);

        Assert.Equal(4, end.ExitCode);
        AssertOneLine(end, $"There is no workflow run 'nobody' in the data directory {_command.PathOf(".actorflow")}; name another directory with --data");
    }

    [Fact]
    public async Task What_is_delivered_is_one_object_for_programs()
    {
        _command.Write("waits.yaml", "name: waits\ntasks: { go: { signal: go }, ok: { ask: { kind: approval, prompt: OK? } } }\n");
        await _command.RunAsync("run", "waits.yaml", "--id", "w");

        var signal = await _command.RunAsync("signal", "w", "go", "-o", "json");
        var answer = await _command.RunAsync("answer", "w", "ok", "yes", "-o", "json");

        Assert.Equal("""{"run":"w","signal":"go","next":["actorflow run --id w"]}""", signal.Out.Trim());
        Assert.Equal("""{"run":"w","task":"ok","next":["actorflow run --id w"]}""", answer.Out.Trim());
        Assert.Equal((string.Empty, string.Empty), (signal.Error, answer.Error));
    }

    [UnixFact]
    public async Task A_second_process_on_a_data_directory_is_told_who_holds_it()
    {
        _command.Write("waits.yaml", "name: waits\ntasks:\n  wait: { uses: sleep, with: { for: 1h } }\n");
        _command.Write("hello.yaml", Hello);
        using var first = _command.Start("run", "waits.yaml");
        Assert.True(await first.UntilErrorAsync(lines => lines.Any(line => line.Contains("wait started"))));

        var second = await _command.RunAsync("run", "hello.yaml");

        Assert.Equal((3, string.Empty), (second.ExitCode, second.Out));
        AssertOneLine(second, "is in use by process");
        Assert.EndsWith(": wait until it has ended, or end it, or use another directory", second.ErrorLines[0]);
    }

    [UnixFact]
    public async Task An_interrupt_leaves_a_run_that_can_go_on_and_says_how()
    {
        _command.Write("waits.yaml",
            """
            name: waits
            tasks:
              first: { uses: process, with: { command: sh, args: [-c, "echo first >> executions"] } }
              wait: { needs: first, uses: process, with: { command: sh, args: [-c, "echo wait >> executions; test -f go || sleep 600"] } }
            """);
        using var running = _command.Start("run", "waits.yaml", "--id", "mine");
        Assert.True(await running.UntilErrorAsync(lines => lines.Any(line => line.Contains("wait started"))));

        running.Interrupt();
        var interrupted = await running.EndAsync();
        _command.Write("go", string.Empty);
        var end = await _command.RunAsync("run", "waits.yaml", "--id", "mine");

        Assert.Equal((130, string.Empty), (interrupted.ExitCode, interrupted.Out));
        Assert.EndsWith("go on with: actorflow run waits.yaml --id mine", interrupted.ErrorLines[^1]);
        Assert.Equal(0, end.ExitCode);
        Assert.Equal(["first", "wait", "wait"], _command.LinesOf("executions"));
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_alone()
    {
        _command.Write("hello.yaml", Hello);
        await _command.RunAsync("run", "hello.yaml", "--data", "data");
        var file = Directory.GetFiles(_command.PathOf("data"), "*.db").Single();
        foreach (var leftover in Directory.GetFiles(_command.PathOf("data")))
        {
            File.Delete(leftover);
        }

        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var create = connection.CreateCommand();
            create.CommandText = "create table invoices (id integer)";
            create.ExecuteNonQuery();
        }

        var before = await File.ReadAllBytesAsync(file);
        var end = await _command.RunAsync("run", "hello.yaml", "--data", "data");

        Assert.Equal((3, string.Empty), (end.ExitCode, end.Out));
        AssertOneLine(end, Path.GetFileName(file));
        Assert.Equal(before, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_named()
    {
        _command.Write("hello.yaml", Hello);
        _command.Write("file", "not a directory");

        var end = await _command.RunAsync("run", "hello.yaml", "--data", "file");

        Assert.Equal((3, string.Empty), (end.ExitCode, end.Out));
        AssertOneLine(end, "file");
    }

    private static void AssertOneLine(BuiltCommand.Ended end, string named)
    {
        var line = Assert.Single(end.ErrorLines);
        Assert.Contains(named, line);
        Assert.DoesNotContain("   at ", line);
    }
}
