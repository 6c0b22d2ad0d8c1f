using System.Text.Json;
using ActorFlow.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Shell.Tests.Nodes;

/// <summary>The verbs of <c>actorflow workflow</c> at a node that serves.</summary>
public sealed class WorkflowVerbsTests(ServedNodeFixture node) : IClassFixture<ServedNodeFixture>
{
    [Fact]
    public async Task A_start_that_waits_prints_the_output_alone()
    {
        var said = await SayAsync("start", "echo", "--input", """{"a":1}""", "--wait");

        Assert.Equal((0, """{"a":1}"""), (said.Code, said.Out.Trim()));
        Assert.Contains(said.ErrorLines, line => line.Contains("echo@1  started", StringComparison.Ordinal));
        Assert.StartsWith("echo v1 completed in ", said.ErrorLines[^1]);
    }

    [Fact]
    public async Task A_start_that_waits_tells_the_whole_result_where_json_is_asked_for()
    {
        var said = await SayAsync("start", "fails", "--id", "whole", "--wait", "-o", "json");

        Assert.Equal(1, said.Code);
        var result = JsonDocument.Parse(said.Out).RootElement;
        Assert.Equal(("whole", "failed", "never"), (Text(result, "id"), Text(result, "status"), Text(result.GetProperty("failedTasks")[0], "task")));
    }

    [Fact]
    public async Task A_run_that_fails_names_its_tasks_and_exits_with_1()
    {
        var said = await SayAsync("start", "fails", "--id", "f", "--wait");

        Assert.Equal((1, ""), (said.Code, said.Out));
        Assert.Contains("never Failed after 0 attempts: refused", said.ErrorLines);
        Assert.Contains("fails v1 failed in ", said.ErrorLines[^1]);
    }

    [Fact]
    public async Task A_start_tells_the_run_and_whether_it_is_new()
    {
        var first = await SayAsync("start", "order@1", "--id", "again", "--input", """{"id":1}""", "--tag", "k=v");
        var second = await SayAsync("start", "order@1", "--id", "again", "--input", """{"id":1}""", "--tag", "k=v", "-o", "table");

        var run = JsonDocument.Parse(first.Out).RootElement;
        Assert.Equal(("again", "order", true), (Text(run, "id"), Text(run, "definition"), run.GetProperty("created").GetBoolean()));
        Assert.Equal((0, "again  order@1  was started before"), (second.Code, second.Out.Trim()));
    }

    [Theory]
    [InlineData(4, "actorflow: No workflow 'nope' is registered", "start", "nope")]
    [InlineData(2, "id", "start", "order", "--input", "{}")]
    [InlineData(2, "actorflow: the value of --input is not JSON", "start", "order", "--input", "{")]
    [InlineData(4, "'unknown'", "result", "unknown", "--wait")]
    [InlineData(4, "'unknown'", "history", "unknown", "--follow")]
    [InlineData(4, "'unknown'", "checkpoints", "unknown", "--show", "#1")]
    [InlineData(4, "'unknown'", "purge", "unknown", "--yes")]
    public async Task A_refusal_is_one_line_and_its_exit_code(int code, string line, params string[] words)
    {
        var said = await SayAsync(words);

        Assert.Contains(line, Assert.Single(said.ErrorLines));
        Assert.Equal((code, ""), (said.Code, said.Out));
    }

    [Fact]
    public async Task An_id_in_use_with_other_content_is_a_conflict()
    {
        await SayAsync("start", "echo", "--id", "used", "--input", "1");

        var said = await SayAsync("start", "echo", "--id", "used", "--input", "2");

        Assert.Equal(5, said.Code);
        Assert.Contains("The id 'used' is in use", Assert.Single(said.ErrorLines));
        Assert.EndsWith($"; see: actorflow workflow show used --address {node.Address}", said.ErrorLines[0]);
    }

    [Fact]
    public async Task Lists_and_counts_show_what_the_filter_asks_for()
    {
        for (var i = 0; i < 3; i++)
        {
            await SayAsync("start", "echo", "--id", $"listed-{i}", "--tag", "group=listed", "--wait");
        }

        // The index follows the runs.
        await Eventually.HoldsAsync(async () => (await SayAsync("count", "--tag", "group=listed")).Out.Trim() == """{"completed":3}""", "three runs are counted");
        var all = await SayAsync("list", "--tag", "group=listed", "--definition", "echo", "--status", "completed", "--since", "1h");
        var some = await SayAsync("list", "--tag", "group=listed", "--limit", "2", "-o", "table");
        var none = await SayAsync("list", "--tag", "group=listed", "--status", "failed");
        var table = await SayAsync("count", "--tag", "group=listed", "-o", "table");

        Assert.Equal(["listed-2", "listed-1", "listed-0"], all.OutLines.Select(line => Text(JsonDocument.Parse(line).RootElement, "id")));
        Assert.Matches("^RUN +DEFINITION +STATUS +STARTED +ENDED +WHY$", some.OutLines[0]);
        Assert.Equal(3, some.OutLines.Length);
        Assert.Equal("there are more than these 2; --limit takes a larger number", Assert.Single(some.ErrorLines));
        Assert.Equal((0, ""), (none.Code, none.Out));
        Assert.Equal(["STATUS     RUNS", "completed  3"], table.OutLines);
    }

    [Fact]
    public async Task A_run_is_shown_with_its_history_for_people_and_programs()
    {
        await SayAsync("start", "echo", "--id", "shown", "--input", "7", "--wait");

        var page = await SayAsync("show", "shown", "-o", "table");
        var json = await SayAsync("show", "shown");
        var history = await SayAsync("history", "shown", "-o", "table");
        var followed = await SayAsync("history", "shown", "--follow");
        var watched = await SayAsync("watch", "shown");
        var result = await SayAsync("result", "shown");

        Assert.StartsWith("shown  echo@1  completed", page.Out);
        Assert.Equal("completed", Text(JsonDocument.Parse(json.Out).RootElement, "status"));
        Assert.Contains("run-started", history.OutLines[0]);
        Assert.Equal("run-completed", Text(JsonDocument.Parse(followed.OutLines[^1]).RootElement, "event"));
        Assert.Equal((0, followed.Out), (watched.Code, watched.Out));
        Assert.Equal((0, "7"), (result.Code, result.Out.Trim()));
    }

    [Fact]
    public async Task The_exit_code_of_watching_tells_how_the_run_ended_and_that_of_following_does_not()
    {
        await SayAsync("start", "fails", "--id", "ended", "--wait");

        Assert.Equal(1, (await SayAsync("watch", "ended")).Code);
        Assert.Equal(0, (await SayAsync("history", "ended", "--follow")).Code);
    }

    [Fact]
    public async Task A_signal_lets_a_run_go_on_that_is_watched()
    {
        await SayAsync("start", "order", "--id", "signalled", "--input", """{"id":1}""");
        var watching = SayAsync("watch", "signalled");
        var open = await SayAsync("result", "signalled");

        var signal = await SayAsync("signal", "signalled", "paid", "--payload", """{"amount":12}""");
        var result = await SayAsync("result", "signalled", "--wait");

        Assert.Equal(5, open.Code);
        Assert.Equal(
            $"actorflow: the run signalled has not ended; wait for it with: actorflow workflow result signalled --wait --address {node.Address}", Assert.Single(open.ErrorLines));
        Assert.Equal((0, """{"run":"signalled","done":"signalled","signal":"paid"}"""), (signal.Code, signal.Out.Trim()));
        Assert.Equal((0, """{"amount":12}"""), (result.Code, result.Out.Trim()));
        Assert.Contains("run-completed", (await watching).OutLines[^1]);
    }

    [Fact]
    public async Task An_answer_has_the_form_of_its_question()
    {
        await SayAsync("start", "asks", "--id", "asked");
        await Eventually.HoldsAsync(async () => (await SayAsync("show", "asked", "-o", "table")).Out.Contains("Questions", StringComparison.Ordinal), "it asks");

        var wrong = await SayAsync("answer", "asked", "well", "maybe");
        var right = await SayAsync("answer", "asked", "well", "yes", "--comment", "fine", "-o", "table");
        var result = await SayAsync("result", "asked", "--wait");

        Assert.Equal((2, "actorflow: 'maybe' does not answer well, which asks for approval: yes or no"), (wrong.Code, Assert.Single(wrong.ErrorLines)));
        Assert.Equal((0, "well of asked is answered"), (right.Code, Assert.Single(right.ErrorLines)));
        Assert.Equal("true", result.Out.Trim());
    }

    [Fact]
    public async Task A_run_is_paused_resumed_cancelled_and_opened_again()
    {
        await SayAsync("start", "order", "--id", "steered", "--input", """{"id":1}""");

        Assert.Equal("""{"run":"steered","done":"paused"}""", (await SayAsync("pause", "steered")).Out.Trim());
        Assert.Equal("steered is resumed", Assert.Single((await SayAsync("resume", "steered", "-o", "table")).ErrorLines));
        Assert.Equal(5, (await SayAsync("resume", "steered")).Code);
        Assert.Equal(0, (await SayAsync("cancel", "steered", "--reason", "ordered twice")).Code);
        var result = await SayAsync("result", "steered", "--wait");
        Assert.Equal(1, result.Code);
        Assert.EndsWith("(id steered): ordered twice", result.ErrorLines[^1]);
        Assert.Equal(5, (await SayAsync("cancel", "steered")).Code);
    }

    [Fact]
    public async Task A_run_is_terminated_at_once()
    {
        await SayAsync("start", "order", "--id", "stopped", "--input", """{"id":1}""");

        Assert.Equal(0, (await SayAsync("terminate", "stopped", "--reason", "enough")).Code);
        Assert.Contains("order v1 was terminated in ", (await SayAsync("result", "stopped")).ErrorLines[^1]);
    }

    [Fact]
    public async Task Checkpoints_are_taken_listed_shown_gone_back_to_and_forked_from()
    {
        await SayAsync("start", "order", "--id", "kept", "--input", """{"id":1}""");
        await Eventually.HoldsAsync(async () => (await SayAsync("show", "kept", "-o", "table")).Out.StartsWith("kept  order@1  waiting", StringComparison.Ordinal), "it waits");

        var taken = await SayAsync("checkpoint", "kept", "here");
        var listed = await SayAsync("checkpoints", "kept", "-o", "table");
        var shown = await SayAsync("checkpoints", "kept", "--show", "here", "-o", "table");
        var back = await SayAsync("rewind", "kept", "--to", "first");
        var forked = await SayAsync("fork", "kept", "--from", "here", "--id", "kept-2", "-o", "table");
        var unknown = await SayAsync("rewind", "kept", "--to", "nowhere");

        Assert.Equal((0, """{"run":"kept","done":"checkpoint taken","checkpoint":"here"}"""), (taken.Code, taken.Out.Trim()));
        Assert.Contains(listed.OutLines, line => line.Contains("  here  ", StringComparison.Ordinal));
        Assert.Contains("checkpoint  #", shown.Out);
        Assert.Equal((0, 0, 4), (back.Code, forked.Code, unknown.Code));
        Assert.Equal("kept-2  order@1  started", forked.Out.Trim());
        Assert.Equal(0, (await SayAsync("signal", "kept-2", "paid", "--payload", "2")).Code);
        Assert.Equal("2", (await SayAsync("result", "kept-2", "--wait")).Out.Trim());
    }

    [Fact]
    public async Task A_failed_run_is_opened_again()
    {
        await SayAsync("start", "fails", "--id", "retried", "--wait");

        Assert.Equal("""{"run":"retried","done":"opened again"}""", (await SayAsync("retry", "retried", "--from", "never")).Out.Trim());
    }

    [Fact]
    public async Task Purge_needs_a_yes_and_says_what_it_would_delete()
    {
        await SayAsync("start", "echo", "--id", "purged", "--wait");

        var asked = await SayAsync("purge", "purged");
        var still = await SayAsync("show", "purged");
        var done = await SayAsync("purge", "purged", "--yes");
        var gone = await SayAsync("show", "purged");

        Assert.Equal(
            (7, $"actorflow: this would delete the run purged (echo@1, completed) with its history and checkpoints, for good; do it with: actorflow workflow purge purged --yes --address {node.Address}"),
            (asked.Code, Assert.Single(asked.ErrorLines)));
        Assert.Equal((0, 0, 4), (still.Code, done.Code, gone.Code));
    }

    [Theory]
    [InlineData("y", 0, 4)]
    [InlineData("YES", 0, 4)]
    [InlineData("n", 7, 0)]
    [InlineData("", 7, 0)]
    public async Task A_person_at_the_terminal_is_asked_before_a_run_is_purged(string answer, int code, int codeOfShow)
    {
        var id = $"asked-{answer}-";
        await SayAsync("start", "echo", "--id", id, "--wait");
        using var session = new ShellSession { IsTerminal = true, Stdin = $"{answer}\n" };

        Assert.Equal(code, await session.RunAsync("workflow", "purge", id, "--address", node.Address));

        Assert.StartsWith($"This would delete the run {id} (echo@1, completed) with its history and checkpoints, for good. Go on? [y/N] ", session.Error);
        Assert.Equal(codeOfShow, (await SayAsync("show", id)).Code);
    }

    [Fact]
    public async Task Which_node_is_spoken_to_is_told_to_a_person_who_did_not_name_it()
    {
        using var session = new ShellSession { IsTerminal = true };
        using var named = new ShellSession { IsTerminal = true };

        Environment.SetEnvironmentVariable("ACTORFLOW_ADDRESS", node.Address["http://".Length..]);
        try
        {
            Assert.Equal(0, await session.RunAsync("workflow", "count"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ACTORFLOW_ADDRESS", null);
        }

        Assert.Equal(0, await named.RunAsync("workflow", "count", "--address", node.Address));

        Assert.Equal(($"at {node.Address}", 0), (Assert.Single(session.ErrorLines), named.ErrorLines.Length));
    }

    [Theory]
    [InlineData("workflow show comp", "completed-1")]
    [InlineData("workflow list --status fa", "failed")]
    [InlineData("workflow start or", "order")]
    [InlineData("workflow signal completed-1 p", "paid")]
    [InlineData("workflow retry completed-1 --from fi", "first")]
    [InlineData("workflow rewind completed-1 --to fir", "first")]
    [InlineData("workflow term", "terminate")]
    public async Task Words_are_completed_with_what_the_node_knows(string line, string word)
    {
        await SayAsync("start", "order", "--id", "completed-1", "--input", """{"id":1}""");
        await Eventually.HoldsAsync(async () => (await SayAsync("show", "completed-1", "-o", "table")).Out.StartsWith("completed-1  order@1  waiting", StringComparison.Ordinal), "it waits");
        // The node is named behind the noun: the word to complete is the last one.
        var whole = $"workflow --address {node.Address}{line["workflow".Length..]}";

        // A node that is slow to answer completes nothing.
        await Eventually.HoldsAsync(async () => (await Said.ByAsync($"[suggest:{whole.Length}]", whole)) is { Code: 0 } said && said.OutLines.Contains(word), $"{line} is completed");
    }

    [Fact]
    public async Task Nothing_is_completed_where_no_node_is()
    {
        using var session = new ShellSession();

        Assert.Equal(0, await session.RunAsync("[suggest]", "workflow show --address 127.0.0.1:1 x"));

        Assert.Equal(("", ""), (session.Out.Trim(), session.Error));
    }

    [Fact]
    public async Task Every_line_of_json_is_a_document()
    {
        await SayAsync("start", "order", "--id", "documents", "--input", """{"id":1}""");
        await SayAsync("checkpoint", "documents", "here");
        string[][] verbs =
        [
            ["list"], ["count"], ["show", "documents"], ["history", "documents"], ["checkpoints", "documents"], ["checkpoints", "documents", "--show", "here"],
            ["pause", "documents"], ["resume", "documents"], ["signal", "documents", "paid"], ["result", "documents", "--wait"], ["fork", "documents", "--from", "here"],
        ];

        foreach (var verb in verbs)
        {
            var said = await SayAsync([.. verb, "-o", "json"]);

            Assert.Equal(0, said.Code);
            Assert.NotEmpty(said.OutLines);
            Assert.All(said.OutLines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        }
    }

    [Theory]
    [InlineData(401, "asks for an API key that it knows; give the key with --api-key or ACTORFLOW_API_KEY")]
    [InlineData(403, "does not allow this API key; give the key with --api-key or ACTORFLOW_API_KEY")]
    public async Task A_node_that_does_not_let_the_caller_in_is_6(int status, string line)
    {
        await using var closed = WebApplication.CreateSlimBuilder().Build();
        closed.Urls.Add("http://127.0.0.1:0");
        closed.MapGet("/api/v1/info", () => Results.StatusCode(status));
        await closed.StartAsync();

        var said = await Said.ByAsync("workflow", "list", "--address", closed.Urls.Single());

        Assert.Equal(6, said.Code);
        Assert.EndsWith(line, Assert.Single(said.ErrorLines));
    }

    [Theory]
    [InlineData("does not begin with http:// or https://", "--address", "ftp://x")]
    [InlineData("--api-key must have 1 to 1,000 visible ASCII characters", "--api-key", "a b")]
    public async Task A_wrong_address_or_key_is_wrong_usage(string line, params string[] words)
    {
        using var session = new ShellSession();

        Assert.Equal(2, await session.RunAsync(["workflow", "list", .. words]));

        Assert.Contains(line, Assert.Single(session.ErrorLines));
    }

    private Task<Said> SayAsync(params string[] words) => Said.ByAsync(["workflow", .. words, "--address", node.Address]);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
