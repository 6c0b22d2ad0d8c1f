using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>What one step costs must not depend on how large the run is.</summary>
public sealed class CostTests
{
    private const int Small = 20;
    private const int Large = 2_000;
    private const int Steps = 10;

    // Persistent trees are a few levels deeper in the large run; a rule that looks at every task would cost a hundred times as much.
    private const double MostTimesAsMuch = 3;
    private const int MostEventsPerStep = 4;

    [Fact]
    public void A_step_in_a_long_chain_costs_what_one_in_a_short_chain_costs() =>
        AssertCostsAlike(count => Enumerable.Range(0, count).Select(i => Task(i, i == 0 ? [] : [new Need($"t{i - 1}", null)])));

    [Fact]
    public void A_step_in_a_wide_run_costs_what_one_in_a_narrow_run_costs() => AssertCostsAlike(count => Enumerable.Range(0, count).Select(i => Task(i, [])));

    [Fact]
    public void An_element_of_a_large_fan_out_costs_what_one_of_a_small_one_costs() => AssertCostsAlike(count =>
        [Task(0, []) with { ForEach = Payload.Parse($"[{string.Join(',', Enumerable.Range(0, count))}]"), MaxParallel = 10 }]);

    [Fact]
    public void A_step_under_max_parallel_costs_alike() =>
        AssertCostsAlike(count => Enumerable.Range(0, count).Select(i => Task(i, [])), definition => definition with { MaxParallel = 5 });

    private static TaskDefinition Task(int number, ImmutableArray<Need> needs) =>
        new() { Id = $"t{number}", Kind = new TaskKind.Uses("do", Payload.Null), Needs = needs, Deadline = TimeSpan.FromHours(number + 1) };

    private static void AssertCostsAlike(Func<int, IEnumerable<TaskDefinition>> tasks, Func<WorkflowDefinition, WorkflowDefinition>? change = null)
    {
        WorkflowDefinition Definition(int count) => (change ?? (same => same))(new() { Name = "cost", Tasks = [.. tasks(count)] });
        BytesPerStep(Definition(Small));
        var (small, large) = (BytesPerStep(Definition(Small)), BytesPerStep(Definition(Large)));
        Assert.True(large <= small * MostTimesAsMuch, $"A step costs {large:n0} bytes in the large run, {small:n0} in the small one.");
    }

    /// <summary>The mean of a few steps in the middle of a run: a report taken, and the commit replayed.</summary>
    private static double BytesPerStep(WorkflowDefinition definition)
    {
        var now = World.Start;
        var state = WorkflowState.Initial(WorkflowPlan.Compile(definition));
        WorkflowCommand command = new WorkflowCommand.Start(RunCase.WorkflowId, Guid.Empty, Guid.Empty, new("cost", 1, "hash"), Payload.Null);
        var executions = definition.Tasks.Length == 1 ? definition.Tasks[0].ForEach!.To<int[]>()!.Length : definition.Tasks.Length;
        long bytes = 0;
        var first = (executions - Steps) / 2;
        for (var step = 0; step < first + Steps; step++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var accepted = (Decision.Accepted)WorkflowDecider.Decide(state, command, now, 0.5);
            WorkflowDecider.Evolve(state, accepted.Commit);
            bytes += step >= first ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            Assert.True(step == 0 || accepted.Commit.Events.Length <= MostEventsPerStep, $"{accepted.Commit.Events.Length} events in one step.");
            state = Finished(accepted.State, now);
            var open = Assert.IsType<WorkflowState.Open>(state);
            now += TimeSpan.FromTicks(1);
            var next = open.Outstanding.MinBy(execution => (execution.Task, execution.Element));
            command = new WorkflowCommand.Report(RunCase.WorkflowId, open.OrderFor(next)!.Attempt, new(1, 1), new TaskOutcome.Succeeded(Payload.Null));
        }

        return bytes / (double)Steps;
    }

    /// <summary>The state once a decision that was too large for one step has been taken to its end, and its effects seen to.</summary>
    private static WorkflowState Finished(WorkflowState state, DateTimeOffset now)
    {
        while (state is WorkflowState.Open { HasMore: true })
        {
            state = ((Decision.Accepted)WorkflowDecider.Decide(state, new WorkflowCommand.Continue(RunCase.WorkflowId), now, 0.5)).State;
        }

        return state is WorkflowState.Open open ? open.Seen() : state;
    }
}
