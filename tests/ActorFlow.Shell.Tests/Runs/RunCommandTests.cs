using System.Text.Json;
using ActorFlow.Shell.Asking;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Tests.Runs;

public sealed class RunCommandTests : IDisposable
{
    private const string Workflow = "name: a\nversion: 2\ntasks:\n  t: { uses: echo }\n---\nname: b\ntasks:\n  t: { uses: echo }\n";

    private readonly List<ShellSession> _sessions = [];

    public void Dispose() => _sessions.ForEach(session => session.Dispose());

    [Fact]
    public async Task The_output_is_json_on_stdout_and_the_rest_is_on_stderr()
    {
        var (session, _) = Session(RunResult.Completed(Payload.Parse("""{"a":[1,"ü"]}""")));

        Assert.Equal(0, await session.RunAsync("run", session.Write("a.yaml", Workflow)));

        Assert.Equal("{\"a\":[1,\"ü\"]}\n", session.Out);
        Assert.Matches(@"^a v2 completed in \S+ \(id [0-9a-f]{32}\)$", Assert.Single(session.ErrorLines));
    }

    [Fact]
    public async Task Quiet_says_nothing_but_the_output()
    {
        var (session, _) = Session(RunResult.Completed(Payload.Parse("1")));

        Assert.Equal(0, await session.RunAsync("run", session.Write("a.yaml", Workflow), "--quiet"));

        Assert.Equal("1\n", session.Out);
        Assert.Empty(session.Error);
    }

    [Fact]
    public async Task A_failed_run_has_a_line_per_failed_task_no_output_and_exit_code_1()
    {
        var (session, _) = Session(Failed());

        Assert.Equal(1, await session.RunAsync("run", session.Write("a.yaml", Workflow), "--quiet"));

        Assert.Equal(
            ["each[2]/x ProcessFailed after 3 attempts: exit code 1: no such file", "y TimedOut after 1 attempt: too slow"],
            session.ErrorLines);
        Assert.Empty(session.Out);
    }

    [Theory]
    [InlineData(nameof(WorkflowStatus.Cancelled), "was cancelled: on request")]
    [InlineData(nameof(WorkflowStatus.Terminated), "was terminated: on request")]
    [InlineData(nameof(WorkflowStatus.Failed), "failed: on request")]
    public async Task A_run_that_ends_without_a_failed_task_says_why_even_when_quiet(string status, string message)
    {
        var (session, _) = Session(new RunResult(Enum.Parse<WorkflowStatus>(status), null, "on request", []));

        Assert.Equal(1, await session.RunAsync("run", session.Write("a.yaml", Workflow), "--id", "r", "--quiet"));

        Assert.Equal($"actorflow: the run r {message}", Assert.Single(session.ErrorLines));
    }

    [Fact]
    public async Task Json_output_is_one_object_with_id_status_output_and_failed_tasks()
    {
        var (session, _) = Session(Failed());

        Assert.Equal(1, await session.RunAsync("run", session.Write("a.yaml", Workflow), "--id", "r-1", "-o", "json"));

        var result = JsonDocument.Parse(Assert.Single(session.OutLines)).RootElement;
        Assert.Equal("r-1", result.GetProperty("id").GetString());
        Assert.Equal("failed", result.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("output").ValueKind);
        Assert.Equal(["each[2]/x", "y"], result.GetProperty("failedTasks").EnumerateArray().Select(task => task.GetProperty("task").GetString()));
    }

    [Fact]
    public async Task A_run_that_only_somebody_outside_can_help_on_says_how_to_go_on_and_exits_with_130()
    {
        OpenWait[] waits =
        [
            new OpenWait.Answer("r-1", new("approve", "approve", AskKind.Approval, "Ship it?", null, null, null)),
            new OpenWait.Signal("r-1/kid", "go", "start"),
        ];
        var (session, _) = Session(RunResult.Waiting([.. waits]));
        var file = session.Write("a.yaml", Workflow);

        Assert.Equal(130, await session.RunAsync("run", file, "--id", "r-1", "--data", "d", "-o", "json"));

        Assert.Equal($"waiting for 1 answer and 1 signal; then go on with: actorflow run {file} --id r-1 --data d", Assert.Single(session.ErrorLines));
        var result = JsonDocument.Parse(Assert.Single(session.OutLines)).RootElement;
        Assert.Equal("waiting", result.GetProperty("status").GetString());
        Assert.Equal(["approve", "go"], result.GetProperty("waitsFor").EnumerateArray().Select(wait => wait.GetProperty("task").GetString()));
    }

    [Fact]
    public async Task Rewind_retry_and_fork_ask_for_their_turn_of_a_run_that_is_there()
    {
        var (session, runner) = Session();
        var data = Path.GetDirectoryName(session.Write("actorflow.db", ""))!;

        await session.RunAsync("rewind", "r", "--to", "#3", "--data", data);
        await session.RunAsync("retry", "r", "--from", "t", "--data", data);
        await session.RunAsync("fork", "r", "--from", "here", "--input", "[1]", "--id", "s", "--data", data);
        await session.RunAsync("run", "--id", "r", "--data", data);

        Assert.Equal(
            [new RunContinuation.Rewind("#3"), new RunContinuation.Retry("t"), new RunContinuation.Fork("r", "here"), null],
            runner.Requests.Select(request => request.Turn));
        Assert.Equal(["r", "r", "s", "r"], runner.Requests.Select(request => request.Id));
        Assert.Equal("[1]", runner.Requests[2].Input!.ToString());
        Assert.All(runner.Requests, request => Assert.Empty(request.Definitions));
    }

    [Theory]
    [InlineData("run", "--id", "r")]
    [InlineData("rewind", "r", "--to", "x")]
    [InlineData("fork", "r")]
    [InlineData("retry", "r")]
    [InlineData("show", "r")]
    [InlineData("history", "r")]
    [InlineData("checkpoints", "r")]
    [InlineData("answer", "r", "t", "yes")]
    [InlineData("signal", "r", "s")]
    public async Task A_verb_about_a_run_makes_no_data_directory(params string[] verb)
    {
        var (session, runner) = Session();
        var missing = session.PathOf("no-such-directory");

        Assert.Equal(4, await session.RunAsync([.. verb, "--data", missing]));

        Assert.Contains($"there is no data directory {missing}", Assert.Single(session.ErrorLines));
        Assert.Empty(runner.Requests);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task The_request_carries_all_documents_and_the_options()
    {
        var (session, runner) = Session();

        await session.RunAsync("run", session.Write("a.yaml", Workflow), "--input", "{ \"x\": 1 }", "--id", "o.1~a_b-c", "--data", "dir", "--parallel", "7");

        var request = Assert.Single(runner.Requests);
        Assert.Equal(["a", "b"], request.Definitions.Select(definition => definition.Name));
        Assert.Equal("""{"x":1}""", request.Input!.ToString());
        Assert.Equal(("o.1~a_b-c", false, "dir", (int?)7), (request.Id, request.IsNewId, request.DataDirectory, request.Parallel));
    }

    [Fact]
    public async Task Without_options_the_id_is_made_up_and_the_input_left_open()
    {
        var (session, runner) = Session();

        await session.RunAsync("run", session.Write("a.yaml", Workflow));
        await session.RunAsync("run", session.PathOf("a.yaml"));

        Assert.All(runner.Requests, request => Assert.True(request.IsNewId));
        Assert.Equal(2, runner.Requests.Select(request => request.Id).Distinct().Count());
        Assert.Null(runner.Requests[0].Input);
        Assert.Null(runner.Requests[0].Parallel);
        Assert.Equal(".actorflow", runner.Requests[0].DataDirectory);
    }

    [Fact]
    public async Task Input_comes_from_a_file_after_an_at_sign()
    {
        var (session, runner) = Session();
        var input = session.Write("input.json", "\uFEFF[1]");

        await session.RunAsync("run", session.Write("a.yaml", Workflow), "--input", "@" + input);

        Assert.Equal("[1]", runner.Requests.Single().Input!.ToString());
    }

    [Fact]
    public async Task Input_comes_from_standard_input_after_a_dash()
    {
        var runner = new ScriptedRunner();
        var session = Keep(new ShellSession { Runner = runner, Stdin = "[2]\n" });

        await session.RunAsync("run", session.Write("a.yaml", Workflow), "--input", "-");

        Assert.Equal("[2]", runner.Requests.Single().Input!.ToString());
    }

    [Theory]
    [InlineData("{x}", "the value of --input is not JSON")]
    [InlineData("", "the value of --input is not JSON")]
    [InlineData("1 2", "the value of --input is not JSON")]
    [InlineData("@no-such.json", "there is no file no-such.json")]
    [InlineData("-", "the input on standard input is not JSON")]
    public async Task Input_that_is_not_json_is_one_line_and_exit_code_2(string input, string message)
    {
        var (session, runner) = Session();

        Assert.Equal(2, await session.RunAsync("run", session.Write("a.yaml", Workflow), "--input", input));

        Assert.Contains(message, Assert.Single(session.ErrorLines));
        Assert.Empty(runner.Requests);
    }

    [Fact]
    public async Task Input_over_a_mebibyte_is_refused()
    {
        var (session, _) = Session();
        var input = session.Write("input.json", $"\"{new string('x', 1 << 20)}\"");

        Assert.Equal(2, await session.RunAsync("run", session.Write("a.yaml", Workflow), "--input", "@" + input));

        Assert.Contains("larger than 1 MiB", Assert.Single(session.ErrorLines));
    }

    [Theory]
    [InlineData("  t: { uses: billing.charge }", "task t uses 'billing.charge'")]
    [InlineData("  g: { tasks: { t: { uses: billing.charge } } }", "task g/t uses 'billing.charge'")]
    [InlineData("  t: { uses: echo, compensate: { uses: billing.refund } }", "task t uses 'billing.refund'")]
    public async Task A_handler_nobody_offers_is_an_error_before_the_start(string task, string message)
    {
        var (session, runner) = Session();

        Assert.Equal(2, await session.RunAsync("run", session.Write("a.yaml", $"name: a\ntasks:\n{task}\n")));

        Assert.Contains(message, Assert.Single(session.ErrorLines));
        Assert.Contains("it offers echo, sleep", session.Error);
        Assert.DoesNotContain("Did you mean", session.Error);
        Assert.Empty(runner.Requests);
    }

    [Fact]
    public async Task A_misspelt_handler_gets_a_guess()
    {
        var (session, _) = Session();

        await session.RunAsync("run", session.Write("a.yaml", "name: a\ntasks:\n  t: { uses: slep }\n"));

        Assert.Contains("Did you mean 'sleep'?", Assert.Single(session.ErrorLines));
    }

    [Fact]
    public async Task An_invalid_file_is_not_run()
    {
        var (session, runner) = Session();

        Assert.Equal(2, await session.RunAsync("run", session.Write("a.yaml", "name: a\n")));

        Assert.Contains("missing-key", session.Error);
        Assert.Empty(runner.Requests);
    }

    [Theory]
    [InlineData(ExitCode.Conflict)]
    [InlineData(ExitCode.Unreachable)]
    [InlineData(ExitCode.Invalid)]
    public async Task What_the_runner_refuses_is_one_line_and_its_exit_code(int exitCode)
    {
        var (session, _) = Session((_, _, _) => throw new CommandFailure("the data directory is in use by process 7", exitCode));

        Assert.Equal(exitCode, await session.RunAsync("run", session.Write("a.yaml", Workflow)));

        Assert.Equal("actorflow: the data directory is in use by process 7", Assert.Single(session.ErrorLines));
    }

    [Fact]
    public async Task A_bug_is_one_line_that_asks_for_a_report()
    {
        var (session, _) = Session((_, _, _) => throw new InvalidOperationException("this\ncannot be"));

        Assert.Equal(1, await session.RunAsync("run", session.Write("a.yaml", Workflow)));

        Assert.Equal(
            "actorflow: unexpected InvalidOperationException: this cannot be (--verbose shows where; please report it)",
            Assert.Single(session.ErrorLines));
    }

    [Fact]
    public async Task Without_a_terminal_progress_is_a_line_per_change()
    {
        static DateTimeOffset At(int milliseconds) => DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds);

        var (session, _) = Session((_, progress, _) =>
        {
            progress.RunStarted(2, 0, false, default);
            progress.TaskStarted("t", 1, At(0));
            progress.TaskRetrying("t", 1, "HttpFailed", "503\n<html>.", TimeSpan.FromSeconds(2), At(300));
            progress.TaskStarted("t", 2, At(2_300));
            progress.Counted(2, 1);
            progress.TaskEnded("t", TaskEnd.Completed, At(3_500));
            progress.TaskEnded("u", TaskEnd.Skipped, At(3_500));
            return Task.FromResult(RunResult.Completed(Payload.Null));
        });

        await session.RunAsync("run", session.Write("a.yaml", Workflow));

        Assert.Collection(
            session.ErrorLines,
            line => Assert.Equal("[0/2] t started", line),
            line => Assert.Equal("[0/2] t attempt 1 failed after 300ms: HttpFailed: 503 <html>; again in 2s", line),
            line => Assert.Equal("[0/2] t started, attempt 2", line),
            line => Assert.Equal("[1/2] t completed after 1.2s", line),
            line => Assert.Equal("[1/2] u skipped", line),
            line => Assert.StartsWith("a v2 completed", line));
    }

    private (ShellSession Session, ScriptedRunner Runner) Session(RunResult? result = null) =>
        Session((_, _, _) => Task.FromResult(result ?? RunResult.Completed(Payload.Null)));

    private (ShellSession Session, ScriptedRunner Runner) Session(Func<RunRequest, IRunProgress, CancellationToken, Task<RunResult>> script)
    {
        var runner = new ScriptedRunner { Script = script };
        return (Keep(new ShellSession { Runner = runner }), runner);
    }

    private ShellSession Keep(ShellSession session)
    {
        _sessions.Add(session);
        return session;
    }

    private static RunResult Failed() => new(
        WorkflowStatus.Failed, null, "each failed", [new("each[2]/x", "ProcessFailed", "exit code 1:\nno such file", 3), new("y", "TimedOut", "too slow", 1)]);
}
