using ActorFlow.Shell.Runs;
using ActorFlow.Tasks.Tests;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>Runs that wait for people, signals and children, as the user of the built command meets them; executions are counted.</summary>
public sealed class AskingEndToEndTests : IDisposable
{
    private const string Order =
        """
        name: order
        tasks:
          reserve: { uses: process, with: { command: sh, args: [-c, "echo reserve >> executions"] } }
          approve: { needs: reserve, ask: { kind: approval, prompt: "Ship it?" } }
          ship: { needs: approve, uses: process, with: { command: sh, args: [-c, "echo ship >> executions"] } }
        output: { ok: "${{ tasks.approve.output.value }}", by: "${{ tasks.approve.output.by }}", comment: "${{ tasks.approve.output.comment }}" }
        """;

    private const string Family =
        """
        name: parent
        tasks:
          each: { for-each: [1, 2], workflow: kid, with: { n: "${{ item }}" } }
        output: ${{ tasks.each.output }}
        ---
        name: kid
        tasks:
          work: { uses: process, with: { command: sh, args: [-c, "echo kid >> executions"] } }
          go: { needs: work, signal: go, schema: { type: integer } }
        output: ${{ tasks.go.output + input.n }}
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [UnixFact]
    public async Task Without_a_terminal_a_run_stops_at_its_question_is_answered_and_goes_on()
    {
        _command.Write("order.yaml", Order);

        var stopped = await _command.RunAsync("run", "order.yaml", "--id", "o");
        var wrong = await _command.RunAsync("answer", "o", "approve", "perhaps");
        var answered = await _command.RunAsync("answer", "o", "approve", "yes", "--comment", "fine", "--by", "ada");
        var late = await _command.RunAsync("answer", "o", "approve", "no");
        var end = await _command.RunAsync("run", "--id", "o");

        Assert.Equal((130, string.Empty), (stopped.ExitCode, stopped.Out));
        Assert.Contains("approve asks: Ship it? (approval: yes or no). Answer with: actorflow answer o approve yes", stopped.ErrorLines);
        Assert.Equal("waiting for 1 answer; then go on with: actorflow run order.yaml --id o", stopped.ErrorLines[^1]);
        Assert.Equal((2, 0, 5), (wrong.ExitCode, answered.ExitCode, late.ExitCode));
        Assert.Contains("'perhaps' does not answer approve", Assert.Single(wrong.ErrorLines));
        Assert.Equal("approve of o is answered; go on with: actorflow run --id o", Assert.Single(answered.ErrorLines));
        Assert.Equal((0, """{"ok":true,"by":"ada","comment":"fine"}"""), (end.ExitCode, end.Out.Trim()));
        Assert.Equal(["reserve", "ship"], _command.LinesOf("executions"));
    }

    [UnixFact]
    public async Task Killed_while_it_waits_for_an_answer_a_run_loses_nothing_and_repeats_nothing()
    {
        // Something else goes on, or it would stop by itself.
        _command.Write("order.yaml", Order.Replace(
            "  ship:", "  busy: { uses: process, with: { command: sh, args: [-c, \"test -f go || sleep 600\"] } }\n  ship:", StringComparison.Ordinal));
        using (var running = _command.Start("run", "order.yaml", "--id", "o"))
        {
            Assert.True(await running.UntilErrorAsync(lines => lines.Any(line => line.StartsWith("approve asks", StringComparison.Ordinal))));
            running.Kill();
            await running.EndAsync();
        }

        _command.Write("go", string.Empty);
        var answered = await _command.RunAsync("answer", "o", "approve", "no", "--by", "ada");
        Assert.Equal(["reserve"], _command.LinesOf("executions"));
        var end = await _command.RunAsync("run", "order.yaml", "--id", "o");

        Assert.Equal((0, 0), (answered.ExitCode, end.ExitCode));
        Assert.Equal("""{"ok":false,"by":"ada","comment":null}""", end.Out.Trim());
        Assert.Equal(["reserve", "ship"], _command.LinesOf("executions"));
    }

    [UnixFact]
    public async Task Children_of_the_same_file_run_and_their_tasks_and_signals_are_shown_behind_their_ids()
    {
        _command.Write("family.yaml", Family);

        var stopped = await _command.RunAsync("run", "family.yaml", "--id", "p");
        var refused = await _command.RunAsync("signal", "p/each.0", "go", "\"no integer\"");
        var first = await _command.RunAsync("signal", "p/each.0", "go", "10");
        var between = await _command.RunAsync("run", "--id", "p");
        var second = await _command.RunAsync("signal", "p/each.1", "go", "20");
        var end = await _command.RunAsync("run", "--id", "p");

        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains(stopped.ErrorLines, line => line.EndsWith("each.0/work started", StringComparison.Ordinal));
        Assert.Contains("each.1/go waits for the signal go. Send it with: actorflow signal p/each.1 go JSON", stopped.ErrorLines);
        Assert.Equal((2, 0, 130, 0), (refused.ExitCode, first.ExitCode, between.ExitCode, second.ExitCode));
        Assert.Equal("waiting for 1 signal; then go on with: actorflow run --id p", between.ErrorLines[^1]);
        Assert.Equal((0, "[11,22]"), (end.ExitCode, end.Out.Trim()));
        Assert.Equal(["kid", "kid"], _command.LinesOf("executions"));
    }

    [UnixFact]
    public async Task A_child_that_nobody_knows_is_named_before_the_start_even_if_an_earlier_run_brought_one_along()
    {
        _command.Write("family.yaml", Family);
        _command.Write("orphan.yaml", "name: orphan\ntasks:\n  g: { tasks: { lone: { workflow: kid@1 } } }\n");
        await _command.RunAsync("run", "family.yaml", "--id", "p");

        var end = await _command.RunAsync("run", "orphan.yaml", "--id", "q");
        var shown = await _command.RunAsync("show", "q");

        Assert.Equal((2, string.Empty), (end.ExitCode, end.Out));
        Assert.Contains("task g/lone of orphan runs the workflow 'kid@1'", Assert.Single(end.ErrorLines));
        Assert.Equal(4, shown.ExitCode);
    }

    [UnixFact]
    public async Task At_a_terminal_the_questions_are_asked_one_after_another_and_what_the_run_refuses_is_asked_again()
    {
        _command.Write("asks.yaml",
            """
            name: asks
            tasks:
              approve: { ask: { kind: approval, prompt: "Ship it?" } }
              name: { needs: approve, ask: { kind: text, prompt: "Whose?", schema: { minLength: 4 } } }
              kid: { needs: name, workflow: kid }
            output: ["${{ tasks.approve.output.value }}", "${{ tasks.name.output.value }}", "${{ tasks.kid.output }}"]
            ---
            name: kid
            tasks: { rate: { ask: { kind: rating, prompt: "How was it?" } } }
            output: ${{ tasks.rate.output.value }}
            """);
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var console = new ShellConsole(new StringReader("y\nwell\nAda\n\nAda L.\n\n9\n4\n\n"), output, TextWriter.Synchronized(error), ErrorIsTerminal: true)
        {
            InIsTerminal = true,
        };

        var exitCode = await ActorFlowCommand.InvokeAsync(
            ["run", _command.PathOf("asks.yaml"), "--id", "a", "--data", _command.PathOf("data"), "--quiet"], console, () => new EmbeddedRunner(TimeProvider.System));

        Assert.True(exitCode == 0, error.ToString());
        Assert.Equal("""[true,"Ada L.",4]""", output.ToString().Trim());
        string[] said = ["approve of a asks for an approval:", "name of a asks for a text:", "  name: ", "rate of a/kid asks for a rating:", "'9' is no answer"];
        Assert.All(said, text => Assert.Contains(text, error.ToString()));
        Assert.Equal(said.Select(text => error.ToString().IndexOf(text, StringComparison.Ordinal)).Order(), said.Select(text => error.ToString().IndexOf(text, StringComparison.Ordinal)));
    }

    [UnixFact]
    public async Task A_question_with_a_short_timeout_is_waited_for_and_takes_its_default()
    {
        _command.Write("default.yaml",
            """
            name: default
            tasks: { approve: { ask: { kind: approval, prompt: "Ship it?", default: false }, timeout: 2s } }
            output: ${{ tasks.approve.output.timedOut }}
            """);

        var end = await _command.RunAsync("run", "default.yaml");

        Assert.Equal((0, "true"), (end.ExitCode, end.Out.Trim()));
    }
}
