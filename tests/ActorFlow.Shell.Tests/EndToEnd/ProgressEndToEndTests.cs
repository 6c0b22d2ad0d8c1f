using System.Text.Json;
using System.Text.RegularExpressions;
using ActorFlow.Tasks.Tests;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>What the built command says while a run goes on, and when it is over.</summary>
public sealed partial class ProgressEndToEndTests : IDisposable
{
    private const string Mixed =
        """
        name: mixed
        tasks:
          a: { title: Prepare it, set: { x: 1 } }
          each: { needs: a, for-each: [0, 1, 2], uses: process, with: { command: sh, args: [-c, "exit ${{ item }}"] }, on-error: continue }
          sw: { needs: each, switch: [{ case: y, if: "true" }, { case: n }] }
          no: { needs: sw.n, uses: echo }
          d: { needs: sw.y, delay: 200ms }
          empty: { needs: d, for-each: [], uses: echo }
          g: { needs: d, tasks: { p: { title: Echo it, uses: echo } } }
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [UnixFact]
    public async Task The_count_goes_up_one_by_one_to_its_end_and_what_was_tolerated_is_named()
    {
        _command.Write("mixed.yaml", Mixed);

        var end = await _command.RunAsync("run", "mixed.yaml", "--id", "m");
        var shown = await _command.RunAsync("show", "m", "-o", "table");
        var json = await _command.RunAsync("run", "--id", "m", "-o", "json", "--quiet");

        var counts = end.ErrorLines.Select(line => Counted().Match(line)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups["settled"].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(0, end.ExitCode);
        Assert.All(counts.Zip(counts.Skip(1)), pair => Assert.InRange(pair.Item2 - pair.Item1, 0, 1));
        Assert.Contains(end.ErrorLines, line => line.StartsWith("[10/10] ", StringComparison.Ordinal));
        Assert.Contains(end.ErrorLines, line => line.EndsWith("] Prepare it completed", StringComparison.Ordinal));
        Assert.Contains(end.ErrorLines, line => line.EndsWith("] g/Echo it started", StringComparison.Ordinal));
        Assert.Contains(end.ErrorLines, line => line.EndsWith("] no skipped", StringComparison.Ordinal));
        Assert.Contains(end.ErrorLines, line => Until().IsMatch(line));
        Assert.DoesNotContain(end.ErrorLines, line => line.Contains("resumed", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', end.Error);
        Assert.EndsWith("; 2 failed and were tolerated: each[1] (ProcessFailed), each[2] (ProcessFailed)", end.ErrorLines[^1]);
        Assert.Contains("Failed, and tolerated\nTASK", shown.Out);
        var tolerated = JsonDocument.Parse(json.Out).RootElement;
        Assert.Equal(["each[1]", "each[2]"], tolerated.GetProperty("tolerated").EnumerateArray().Select(task => task.GetProperty("task").GetString()));
        Assert.Equal((10, 10), (tolerated.GetProperty("tasks").GetInt32(), tolerated.GetProperty("settled").GetInt32()));
    }

    [UnixFact]
    public async Task A_failure_at_the_end_of_a_chain_of_children_is_told_once_by_its_path()
    {
        const int depth = 8;
        _command.Write("chain.yaml", string.Join("---\n", Enumerable.Range(0, depth).Select(i => i == depth - 1
            ? $"name: c{i}\ntasks: {{ g: {{ tasks: {{ bad: {{ uses: process, with: {{ command: sh, args: [-c, exit 3] }} }} }} }} }}\n"
            : $"name: c{i}\ntasks: {{ kid: {{ workflow: c{i + 1} }} }}\n")));

        var end = await _command.RunAsync("run", "chain.yaml", "--id", "c");

        var path = string.Concat(Enumerable.Repeat("kid/", depth - 1)) + "g/bad";
        Assert.Equal(1, end.ExitCode);
        Assert.Equal($"{path} ProcessFailed after 1 attempt: 'sh' ended with exit code 3.", Assert.Single(end.ErrorLines, line => line.Contains("exit code 3", StringComparison.Ordinal)));
        Assert.InRange(end.ErrorLines.Count(line => line.Contains(" failed", StringComparison.Ordinal)), 1, 3);
    }

    [UnixFact]
    public async Task A_resumed_run_says_so_with_its_own_counts_failures_and_duration()
    {
        _command.Write("two.yaml",
            """
            name: two
            tasks:
              bad: { title: The bad one, uses: process, with: { command: sh, args: [-c, exit 3] }, on-error: continue }
              go: { needs: bad, signal: go }
            """);
        var stopped = await _command.RunAsync("run", "two.yaml", "--id", "t");
        await _command.RunAsync("signal", "t", "go");

        var end = await _command.RunAsync("run", "--id", "t");
        var again = await _command.RunAsync("run", "--id", "t");

        Assert.Equal((130, 0, 0), (stopped.ExitCode, end.ExitCode, again.ExitCode));
        Assert.DoesNotContain(stopped.ErrorLines, line => line.Contains("resumed", StringComparison.Ordinal));
        Assert.DoesNotContain(again.ErrorLines, line => line.Contains("resumed", StringComparison.Ordinal));
        Assert.Contains(stopped.ErrorLines, line => line.Contains("] The bad one failed", StringComparison.Ordinal) && line.Contains("exit code 3", StringComparison.Ordinal));
        Assert.All([end, again], one => Assert.EndsWith("(id t); 1 failed and was tolerated: bad (ProcessFailed)", one.ErrorLines[^1]));
        Assert.Equal(end.ErrorLines[^1], again.ErrorLines[^1]);
    }

    [GeneratedRegex(@"^\[(?<settled>\d+)/\d+\] ")]
    private static partial Regex Counted();

    [GeneratedRegex(@"\] d waits until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")]
    private static partial Regex Until();
}
