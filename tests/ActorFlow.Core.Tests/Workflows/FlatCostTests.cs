using System.Collections.Immutable;
using System.Diagnostics;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using Xunit.Abstractions;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>
/// Large runs, rules alone: what an item costs stays the same from a thousand to ten thousand and more. Bytes are counted, since they are
/// the same on every machine; time is printed, and bounded only so that a rule that looks at everything does not get through.
/// </summary>
public sealed class FlatCostTests(ITestOutputHelper output)
{
    // The trees of a run ten times as large are three or four levels deeper.
    private const double MostTimesAsManyBytes = 1.5;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static TheoryData<string, int, int> Shapes => new()
    {
        { nameof(Independent), 1_000, 10_000 },
        { nameof(Chain), 1_000, 10_000 },
        { nameof(Join), 1_000, 9_999 },
        { nameof(FanOut), 1_000, 10_000 },
        { nameof(LimitedFanOut), 1_000, 10_000 },
        { nameof(GroupFanOut), 1_000, 5_000 },
        { nameof(SetLoop), 10_000, 100_000 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_item_of_a_large_run_costs_what_one_of_a_smaller_run_costs(string shape, int some, int many)
    {
        var tasks = (Func<int, IEnumerable<TaskDefinition>>)Delegate.CreateDelegate(
            typeof(Func<int, IEnumerable<TaskDefinition>>), typeof(FlatCostTests).GetMethod(shape, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!);
        Play(tasks, 10);
        var small = Play(tasks, some);
        var large = Play(tasks, many);

        output.WriteLine($"{shape}: {some:n0} items {small}; {many:n0} items {large}");
        Assert.InRange(large.Bytes, 0, small.Bytes * MostTimesAsManyBytes);
        Assert.InRange(large.ReplayBytes, 0, small.ReplayBytes * MostTimesAsManyBytes);
        Assert.InRange(large.Took, TimeSpan.Zero, Longest);
    }

    private sealed record Cost(double Bytes, double ReplayBytes, TimeSpan Took, double MicrosecondsEach)
    {
        public override string ToString() => $"{Took.TotalMilliseconds:n0} ms, {MicrosecondsEach:n1} us and {Bytes:n0} bytes each, replayed {ReplayBytes:n0} bytes";
    }

    private static IEnumerable<TaskDefinition> Independent(int count) => Enumerable.Range(0, count).Select(i => Uses(i));

    private static IEnumerable<TaskDefinition> Chain(int count) =>
        Enumerable.Range(0, count).Select(i => i == 0 ? Uses(0) : Uses(i, new Need($"t{i - 1}", null)));

    private static IEnumerable<TaskDefinition> Join(int count) =>
        [.. Independent(count), Uses(count, [.. Enumerable.Range(0, count).Select(i => new Need($"t{i}", null))])];

    private static IEnumerable<TaskDefinition> FanOut(int count) => [Uses(0) with { ForEach = Numbers(count) }];

    private static IEnumerable<TaskDefinition> LimitedFanOut(int count) => [Uses(0) with { ForEach = Numbers(count), MaxParallel = 10 }];

    private static IEnumerable<TaskDefinition> GroupFanOut(int count) =>
        [new() { Id = "group", ForEach = Numbers(count), Kind = new TaskKind.Group([Uses(0), Uses(1, new Need("t0", null))], null) }];

    private static IEnumerable<TaskDefinition> SetLoop(int count) =>
        [new() { Id = "loop", Kind = new TaskKind.Set(Payload.Parse("""{"n":"${{ iteration }}"}""")), Repeat = new($"iteration < {count - 1}", false, count) }];

    private static TaskDefinition Uses(int number, params ImmutableArray<Need> needs) =>
        new() { Id = $"t{number}", Kind = new TaskKind.Uses("do", Payload.Parse("""{"id":"${{ workflow.id }}"}""")), Needs = needs };

    private static Payload Numbers(int count) => Payload.Parse($"[{string.Join(',', Enumerable.Range(0, count))}]");

    private static Cost Play(Func<int, IEnumerable<TaskDefinition>> tasks, int count)
    {
        var plan = WorkflowPlan.Compile(new() { Name = "large", Tasks = [.. tasks(count)] });
        var (before, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        var commits = PlayToEnd(plan);
        var (bytes, took) = (GC.GetAllocatedBytesForCurrentThread() - before, watch.Elapsed);

        before = GC.GetAllocatedBytesForCurrentThread();
        var replayed = commits.Aggregate(WorkflowState.Initial(plan), WorkflowDecider.Evolve);
        var replayBytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(RunOutcome.Completed, Assert.IsType<WorkflowState.Closed>(replayed).Outcome);
        return new((double)bytes / count, (double)replayBytes / count, took, took.TotalMicroseconds / count);
    }

    /// <summary>Does the least that an actor does: takes every report, and looks at what was touched.</summary>
    private static List<WorkflowCommit> PlayToEnd(WorkflowPlan plan)
    {
        var (commits, reports) = (new List<WorkflowCommit>(), new Queue<WorkflowCommand>());
        var state = WorkflowState.Initial(plan);
        WorkflowCommand command = new WorkflowCommand.Start("large", Guid.Empty, Guid.Empty, new("large", 1, "hash"), Payload.Null);
        while (true)
        {
            var accepted = Assert.IsType<Decision.Accepted>(WorkflowDecider.Decide(state, command, ScenarioRun.Epoch, 0.5));
            commits.Add(accepted.Commit);
            if (accepted.State is not WorkflowState.Open open)
            {
                return commits;
            }

            foreach (var order in open.Touched.Select(open.OrderFor).OfType<TaskOrder>())
            {
                reports.Enqueue(new WorkflowCommand.Report("large", order.Attempt, new(1, 1), new TaskOutcome.Succeeded(Payload.Null)));
            }

            state = open.Seen();
            command = open.HasMore ? new WorkflowCommand.Continue("large") : reports.Dequeue();
        }
    }
}
