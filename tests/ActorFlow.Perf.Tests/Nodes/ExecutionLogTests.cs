using ActorFlow.Perf.Nodes;

namespace ActorFlow.Perf.Tests.Nodes;

public sealed class ExecutionLogTests
{
    private static readonly Dictionary<string, string[]> Needs = new() { ["a"] = [], ["b"] = ["a"] };

    [Theory]
    [InlineData("+a -a +b -b", null)]
    [InlineData("+a +b -a -b", "b ran before a had ended.")]
    [InlineData("+b -b +a -a", "b ran before a had ended.")]
    [InlineData("+a -a +a -a +b -b", "a ran twice.")]
    [InlineData("+a -a +b -b +c -c", "c ran, and must not.")]
    [InlineData("+a -a", "1 of 2 tasks ran.")]
    [InlineData("", "0 of 2 tasks ran.")]
    public void Each_task_must_run_once_after_what_it_needs(string entries, string? complaint)
    {
        var log = LogOf(entries);

        Assert.Equal(complaint, Record.Exception(() => log.Check(Needs))?.Message);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("+a -a +b -b", 1)]
    [InlineData("+a +b -a +c -b -c", 2)]
    public void It_knows_how_many_ran_at_once(string entries, int most) =>
        Assert.Equal(most, LogOf(entries).MostAtOnce());

    [Fact]
    public void It_counts_every_attempt_of_a_task() =>
        Assert.Equal(new Dictionary<string, int> { ["a"] = 3, ["b"] = 1 }, LogOf("+a +b -b +a +a -a").Executions());

    // +a: a begins, -a: it ends.
    private static ExecutionLog LogOf(string entries)
    {
        var log = new ExecutionLog { KeepsEntries = true };
        foreach (var entry in entries.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            (entry[0] == '+' ? log.Began : (Action<string, string>)log.Ended)("run", entry[1..]);
        }

        return log;
    }
}
