using System.Text;
using System.Text.RegularExpressions;
using ActorFlow.Tasks.Tests;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The built command, killed as hard as can be: nothing is lost, and what had completed is not run again.</summary>
public sealed partial class KillTests : IDisposable
{
    private const int Steps = 30;
    private const int Kills = 20;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [UnixFact]
    public async Task A_run_of_thirty_steps_killed_at_twenty_random_moments_loses_nothing_and_repeats_nothing_that_had_completed()
    {
        _command.Write("steps.yaml", Chain(Steps));
        var random = new Random(20261123);
        var kills = 0;
        for (var run = 0; kills < Kills; run++)
        {
            kills += await RunKilledAsync($"run-{run}", random, Kills - kills);
        }

        Assert.Equal(Kills, kills);
    }

    [UnixFact]
    public async Task A_fan_out_killed_on_the_way_goes_on_with_the_elements_that_had_not_completed()
    {
        _command.Write("fan.yaml",
            """
            name: fan
            tasks:
              each:
                for-each: "${{ Array.from({ length: 40 }, (_, i) => i) }}"
                uses: process
                with: { command: sh, args: [-c, "echo ${{ index }} >> executions; sleep 0.2; echo ${{ index }}"] }
            output: { values: "${{ tasks.each.output.map(each => Number(each.stdout)) }}" }
            """);
        var completed = new HashSet<string>();
        using (var first = _command.Start("run", "fan.yaml", "--id", "fan", "--parallel", "4"))
        {
            Assert.True(await first.UntilErrorAsync(lines => lines.Count(Completed().IsMatch) >= 7));
            first.Kill();
            await first.EndAsync();
            completed.UnionWith(CompletedIn(first.ErrorLines));
        }

        var before = _command.LinesOf("executions").Length;
        var end = await _command.RunAsync("run", "fan.yaml", "--id", "fan", "--parallel", "4");

        Assert.Equal(0, end.ExitCode);
        Assert.Equal($$"""{"values":[{{string.Join(',', Enumerable.Range(0, 40))}}]}""", end.Out.Trim());
        var again = _command.LinesOf("executions").Skip(before).ToList();
        Assert.DoesNotContain(again, index => completed.Contains($"each[{index}]"));
        Assert.Equal(40, _command.LinesOf("executions").Distinct().Count());
        // Caught on their way: the four that ran, and as many whose results were not yet written when the next had begun.
        Assert.InRange(_command.LinesOf("executions").Length, 40, 48);
    }

    private async Task<int> RunKilledAsync(string id, Random random, int most)
    {
        var completed = new HashSet<string>();
        var kills = 0;
        while (true)
        {
            var before = _command.LinesOf(id).Length;
            using var running = _command.Start("run", "steps.yaml", "--id", id, "--input", $$"""{"log":"{{id}}"}""");
            var killed = kills < most && await running.RunsStillAfterAsync(TimeSpan.FromMilliseconds(random.Next(200, 2_500)));
            if (killed)
            {
                running.Kill();
                kills++;
            }

            var end = await running.EndAsync();
            var executed = _command.LinesOf(id).Skip(before).ToList();
            Assert.DoesNotContain(executed, step => completed.Contains(step));
            completed.UnionWith(CompletedIn(end.ErrorLines));
            if (!killed)
            {
                AssertComplete(id, end, kills);
                return kills;
            }
        }
    }

    private void AssertComplete(string id, BuiltCommand.Ended end, int kills)
    {
        Assert.Equal((0, $$"""{"last":"t{{Steps - 1}}","steps":{{Steps}}}"""), (end.ExitCode, end.Out.Trim()));
        var executions = _command.LinesOf(id);
        Assert.Equal(Enumerable.Range(0, Steps).Select(step => $"t{step}"), executions.Distinct());
        // Only the step that a kill caught on its way may run again, once per kill.
        Assert.InRange(executions.Length, Steps, Steps + kills);
    }

    private static IEnumerable<string> CompletedIn(IEnumerable<string> lines) =>
        lines.Select(line => Completed().Match(line)).Where(match => match.Success).Select(match => match.Groups["task"].Value);

    private static string Chain(int steps)
    {
        var text = new StringBuilder("name: steps\ntasks:\n");
        for (var step = 0; step < steps; step++)
        {
            text.Append($"  t{step}:\n    uses: process\n");
            text.Append($"    with: {{ command: sh, args: [-c, \"echo t{step} >> ${{{{ input.log }}}}; sleep 0.05; echo t{step}\"] }}\n");
            text.Append(step == 0 ? string.Empty : $"    needs: t{step - 1}\n");
        }

        return text.Append($"output:\n  last: ${{{{ tasks.t{steps - 1}.output.stdout.trim() }}}}\n  steps: {steps}\n").ToString();
    }

    [GeneratedRegex(@"^(\[\d+/\d+\] )?(?<task>\S+) completed\b")]
    private static partial Regex Completed();
}
