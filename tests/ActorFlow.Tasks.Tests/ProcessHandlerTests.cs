using System.Text.Json;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

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

        await new ProcessHandler().RunAsync(Payload.Parse("""{"command":"echo","args":["x"]}"""), context, CancellationToken.None);

        Assert.Equal(1, context.Heartbeats);
    }

    [UnixFact]
    public async Task Bytes_that_are_not_utf8_become_replacement_characters() =>
        Assert.Equal("\"a\uFFFDb\"", await Value("""{"command":"printf","args":["a\\377b"]}"""));

    private static Task<string> Sh(string script) =>
        Run(Payload.From(new { command = "sh", args = new[] { "-c", script } }).ToString());

    private static async Task<string> Run(string json) =>
        (await new ProcessHandler().RunAsync(Payload.Parse(json), new RecordingContext(), CancellationToken.None)).ToString();

    private static async Task<string> Value(string json)
    {
        using var output = JsonDocument.Parse(await Run(json));
        return Payload.FromElement(output.RootElement.GetProperty("value")).ToString();
    }

    private static Task<TaskFailure> Fails(string json) => Assert.ThrowsAsync<TaskFailure>(() => Run(json));
}
