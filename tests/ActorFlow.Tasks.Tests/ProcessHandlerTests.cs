using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Tasks.Tests;

public sealed class ProcessHandlerTests
{
    [UnixFact]
    public async Task It_gives_exit_code_both_streams_and_the_value() =>
        Assert.Equal(
            """{"exitCode":0,"stdout":"out\n","stderr":"err\n","value":"out"}""",
            await Sh("echo out; echo err >&2"));

    [UnixFact]
    public async Task Lines_come_as_an_array() =>
        Assert.Equal("""["a","","b"]""", await Value("""{"command":"printf","args":["a\\n\\nb\\n"],"parse":"lines"}"""));

    [UnixFact]
    public async Task No_output_is_no_lines() =>
        Assert.Equal("[]", await Value("""{"command":"true","parse":"lines"}"""));

    [UnixFact]
    public async Task Json_comes_as_itself() =>
        Assert.Equal("""{"n":12345678901234567890}""", await Value("""{"command":"echo","args":["{ \"n\": 12345678901234567890 }"],"parse":"json"}"""));

    /// <summary>The worker makes PayloadTooDeep of it, which is final.</summary>
    [UnixFact]
    public Task Output_that_nests_too_deep_is_told_from_one_that_is_not_json() => Assert.ThrowsAsync<JsonTooDeepException>(
        () => Run($$"""{"command":"echo","args":["{{new string('[', 129)}}{{new string(']', 129)}}"],"parse":"json"}"""));

    [UnixFact]
    public async Task Output_that_should_be_json_and_is_not_fails()
    {
        var failure = await Fails("""{"command":"echo","args":["nope"],"parse":"json"}""");

        Assert.Equal("ProcessFailed", failure.Type);
        Assert.Contains("'echo'", failure.Message);
        Assert.Contains("not JSON", failure.Message);
    }

    [UnixFact]
    public async Task Arguments_reach_the_command_as_written_without_a_shell() =>
        Assert.Equal(
            """["$HOME","a b","*","","'\"'","5","true"]""",
            await Value("""{"command":"printf","args":["%s\\n","$HOME","a b","*","","'\"'",5,true],"parse":"lines"}"""));

    [UnixFact]
    public async Task Environment_is_added_to_the_inherited_one() =>
        Assert.Equal(
            """["ü 1","yes"]""",
            await Value("""{"command":"sh","args":["-c","echo \"$A\"; test -n \"$PATH\" && echo yes"],"env":{"A":"ü 1"},"parse":"lines"}"""));

    [UnixFact]
    public async Task Of_the_workers_own_settings_a_command_inherits_nothing_but_the_mark_of_its_tree()
    {
        Environment.SetEnvironmentVariable("ACTORFLOW_SECRET_INHERITED", "s3cr3t-inherited");
        Environment.SetEnvironmentVariable("actorflow_lower_case", "1");
        try
        {
            Assert.Equal(
                """["ACTORFLOW_GIVEN","ACTORFLOW_PROCESS_TREE"]""",
                await Value("""{"command":"sh","args":["-c","env | grep -i ^actorflow_ | cut -d= -f1 | sort"],"env":{"ACTORFLOW_GIVEN":"x"},"parse":"lines"}"""));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ACTORFLOW_SECRET_INHERITED", null);
            Environment.SetEnvironmentVariable("actorflow_lower_case", null);
        }
    }

    [UnixFact]
    public async Task What_a_failed_command_complained_comes_whole_for_the_worker_to_mask_and_cut()
    {
        var failure = await Assert.ThrowsAsync<TaskFailure>(() =>
            Value("""{"command":"sh","args":["-c","head -c 5000 /dev/zero | tr '\\0' x >&2; exit 3"]}"""));

        Assert.Contains(new string('x', 5000), failure.Message);
        Assert.InRange(failure.MessageLimit, 500, 1500);
    }

    [UnixFact]
    public async Task Stdin_is_fed_and_a_value_comes_as_json() =>
        Assert.Equal("""{"a":["ü"]}""", await Value("""{"command":"cat","stdin":{"a":["ü"]},"parse":"json"}"""));

    [UnixFact]
    public async Task Without_stdin_the_command_finds_its_input_at_the_end() =>
        Assert.Equal("\"\"", await Value("""{"command":"cat"}"""));

    [UnixFact]
    public async Task A_command_may_ignore_its_input() =>
        Assert.Equal("\"\"", await Value($$"""{"command":"true","stdin":"{{new string('x', 300_000)}}"}"""));

    [UnixFact]
    public async Task It_runs_in_the_directory_given_and_finds_relative_commands_there()
    {
        var directory = Directory.CreateTempSubdirectory("actorflow-");
        try
        {
            var script = Path.Combine(directory.FullName, "here.sh");
            await File.WriteAllTextAsync(script, "#!/bin/sh\npwd\n");
            await Value($$"""{"command":"chmod","args":["+x","{{script}}"]}""");

            var value = await Value($$"""{"command":"./here.sh","cwd":"{{directory.FullName}}"}""");

            Assert.Contains(directory.Name, value);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [UnixFact]
    public async Task An_exit_code_other_than_zero_fails_with_the_tail_of_stderr()
    {
        var failure = await Fails("""{"command":"sh","args":["-c","echo first >&2; echo the reason >&2; exit 3"]}""");

        Assert.Equal("ProcessFailed", failure.Type);
        Assert.True(failure.Retryable);
        Assert.Equal("'sh' ended with exit code 3: first\nthe reason", failure.Message);
    }

    [UnixFact]
    public async Task Success_codes_say_what_counts_as_success() =>
        Assert.Equal(
            """{"exitCode":1,"stdout":"","stderr":"","value":""}""",
            await Run("""{"command":"sh","args":["-c","exit 1"],"success-codes":[0,1]}"""));

    [Theory]
    [InlineData("no-such-command-anywhere")]
    [InlineData("./no-such-file")]
    [InlineData("/proc")]
    public async Task A_command_that_is_not_there_is_not_tried_again(string command)
    {
        var failure = await Fails($$"""{"command":"{{command}}"}""");

        Assert.Equal("ProcessFailed", failure.Type);
        Assert.False(failure.Retryable);
        Assert.Contains(command, failure.Message);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_named()
    {
        var failure = await Fails("""{"command":"true","cwd":"no/such/directory"}""");

        Assert.False(failure.Retryable);
        Assert.Contains("no/such/directory", failure.Message);
    }

    [Theory]
    [InlineData("""{"command":"true","comand":1}""", "comand")]
    [InlineData("""{"args":[]}""", "command")]
    [InlineData("""{"command":"true","args":[{}]}""", "args[0]")]
    [InlineData("""{"command":"true","parse":"xml"}""", "parse")]
    [InlineData("""{"command":"true","success-codes":["a"]}""", "success-codes")]
    [InlineData("""{"command":"true","env":{"A=B":"1"}}""", "env")]
    [InlineData("""{"command":"true","args":["a\u0000b"]}""", "args")]
    [InlineData("[]", "object")]
    public async Task A_wrong_input_names_its_key_and_is_not_tried_again(string json, string key)
    {
        var failure = await Fails(json);

        Assert.Equal("InvalidInput", failure.Type);
        Assert.False(failure.Retryable);
        Assert.Contains(key, failure.Message);
    }

    [UnixFact]
    public async Task More_than_a_mebibyte_of_output_is_an_error_and_ends_the_command()
    {
        var failure = await Fails("""{"command":"sh","args":["-c","yes"]}""");

        Assert.Equal(ErrorTypes.PayloadTooLarge, failure.Type);
        Assert.Contains("1 MiB to stdout", failure.Message);
    }

    [UnixFact]
    public async Task Exactly_a_mebibyte_of_output_is_allowed()
    {
        using var output = JsonDocument.Parse(await Sh("head -c 1048576 /dev/zero | tr '\\0' x"));

        Assert.Equal(1 << 20, output.RootElement.GetProperty("stdout").GetString()!.Length);
    }

    [UnixFact]
    public async Task Output_is_a_sign_of_life()
    {
        var context = new RecordingContext();

        await new ProcessHandler(new()).RunAsync(Payload.Parse("""{"command":"echo","args":["x"]}"""), context, CancellationToken.None);

        Assert.Equal(1, context.Heartbeats);
    }

    [UnixFact]
    public async Task A_text_is_kept_once_though_it_is_both_stdout_and_value()
    {
        var kept = await KeptAsync("""{"command":"sh","args":["-c","head -c 600000 /dev/zero | tr '\\0' x; echo"]}""");

        Assert.InRange(kept.Length, 600_000, 600_100);
        using var output = CommandOutput.Readable(kept).ToDocument();
        Assert.Equal(600_001, output.RootElement.GetProperty("stdout").GetString()!.Length);
        Assert.Equal(600_000, output.RootElement.GetProperty("value").GetString()!.Length);
    }

    [UnixFact]
    public async Task Bytes_that_are_not_utf8_are_said()
    {
        var output = await Run("""{"command":"sh","args":["-c","printf 'a\\377b\\376'; printf 'x\\300' >&2"]}""");

        Assert.Equal(
            """{"exitCode":0,"stdout":"a\uFFFDb\uFFFD","stderr":"x\uFFFD","note":"stdout is not UTF-8: byte 2 and 1 more places stand as U\u002BFFFD; have the command print UTF-8; stderr is not UTF-8: byte 2 and 0 more places stand as U\u002BFFFD; have the command print UTF-8","value":"a\uFFFDb\uFFFD"}"""
                .Replace("\\uFFFD", "\uFFFD", StringComparison.Ordinal).Replace("\\u002B", "+", StringComparison.Ordinal),
            output.Replace("\\u002B", "+", StringComparison.Ordinal).Replace("\\uFFFD", "\uFFFD", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task Json_that_is_not_utf8_fails_and_says_where()
    {
        var failure = await Fails("""{"command":"printf","args":["\"a\\377\""],"parse":"json"}""");

        Assert.Equal("ProcessFailed", failure.Type);
        Assert.Contains("stdout is not UTF-8: byte 3", failure.Message);
    }

    [UnixFact]
    public async Task Json_may_begin_with_a_byte_order_mark() =>
        Assert.Equal("""{"a":1}""", await Value("""{"command":"printf","args":["\\357\\273\\277{\"a\": 1}"],"parse":"json"}"""));

    [UnixFact]
    public async Task Very_long_complaints_keep_their_beginning_and_end_and_the_command_ends_by_itself()
    {
        using var output = JsonDocument.Parse(await Sh("i=0; while [ $i -lt 40000 ]; do echo \"line $i of many\"; i=$((i+1)); done >&2; echo done"));
        var stderr = output.RootElement.GetProperty("stderr").GetString()!;
        var lines = stderr.TrimEnd('\n').Split('\n');

        Assert.Equal("done", output.RootElement.GetProperty("value").GetString());
        Assert.InRange(stderr.Length, 100_000, 2 * (64 << 10) + 100);
        Assert.Equal(("line 0 of many", "line 39999 of many"), (lines[0], lines[^1]));
        var left = Assert.Single(lines, line => !line.StartsWith("line ", StringComparison.Ordinal));
        Assert.Matches("^… [0-9,]+ bytes left out …$", left);
        Assert.All(lines.Where(line => line != left), line => Assert.Matches("^line [0-9]+ of many$", line));
    }

    [Theory]
    [InlineData("ls -l /tmp", "write command: ls, args: [-l, /tmp]")]
    [InlineData("./run me", "write command: ./run, args: [me]")]
    public async Task A_line_written_as_command_is_told_how_to_write_it(string command, string hint) =>
        Assert.Contains(hint, (await Fails($$"""{"command":"{{command}}"}""")).Message);

    [UnixFact]
    public async Task A_relative_cwd_is_the_runs_directory_s_or_else_the_worker_s()
    {
        var root = Directory.CreateTempSubdirectory("actorflow-");
        try
        {
            var (run, node) = (root.CreateSubdirectory("run/in").Parent!.FullName, root.CreateSubdirectory("node/in").Parent!.FullName);
            var options = new ProcessTaskOptions { Directory = node };

            Assert.EndsWith("/run/in\"}", await Run("""{"command":"pwd","cwd":"in"}""", options, run));
            Assert.EndsWith("/run\"}", await Run("""{"command":"pwd"}""", options, run));
            Assert.EndsWith("/node/in\"}", await Run("""{"command":"pwd","cwd":"in"}""", options));
            Assert.Contains($"{Directory.GetCurrentDirectory()}\"", await Run("""{"command":"pwd"}"""));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static Task<string> Sh(string script) =>
        Run(Payload.From(new { command = "sh", args = new[] { "-c", script } }).ToString());

    /// <summary>The output as its readers find it.</summary>
    private static async Task<string> Run(string json, ProcessTaskOptions? options = null, string? directory = null) =>
        CommandOutput.Readable(await KeptAsync(json, options, directory)).ToString();

    private static Task<Payload> KeptAsync(string json, ProcessTaskOptions? options = null, string? directory = null) =>
        new ProcessHandler(options ?? new()).RunAsync(Payload.Parse(json), new RecordingContext { RunDirectory = directory }, CancellationToken.None);

    private static async Task<string> Value(string json)
    {
        using var output = JsonDocument.Parse(await Run(json));
        return Payload.FromElement(output.RootElement.GetProperty("value")).ToString();
    }

    private static Task<TaskFailure> Fails(string json) => Assert.ThrowsAsync<TaskFailure>(() => Run(json));
}
