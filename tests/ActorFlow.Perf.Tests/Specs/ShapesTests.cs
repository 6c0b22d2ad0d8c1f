using ActorFlow.Core.Definitions;
using ActorFlow.Perf.Specs;

namespace ActorFlow.Perf.Tests.Specs;

/// <summary>The workflows that specs run are sound, and shaped as they say.</summary>
public sealed class ShapesTests
{
    public static TheoryData<WorkflowDefinition> Definitions =>
    [
        Shapes.CrossLinked(), Shapes.Fan(10), Shapes.Fan(1_000), Shapes.Conditional(), Shapes.Repeated(5), Shapes.Repeated(1_000),
        FailureScripts.Independent([1, 2, 3]), FailureScripts.Stress(FailureScripts.Draw(50, 0, 2)),
    ];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_definition_has_no_problem(WorkflowDefinition definition) => Assert.Empty(DefinitionCheck.Run(definition));

    [Fact]
    public void A_fan_has_a_start_its_branches_and_a_join_of_all()
    {
        var tasks = Shapes.Fan(50).Tasks;

        Assert.Equal(52, tasks.Length);
        Assert.Equal(50, tasks[^1].Needs.Length);
        Assert.All(tasks[1..^1], branch => Assert.Equal("start", Assert.Single(branch.Needs).Task));
    }

    [Fact]
    public void A_script_is_the_same_each_time_and_uses_all_that_it_may()
    {
        var script = FailureScripts.Draw(1_000, 1, 3);

        Assert.Equal(script, FailureScripts.Draw(1_000, 1, 3));
        Assert.Equal([1, 2, 3], script.Distinct().Order());
    }

    [Fact]
    public void Each_task_has_an_attempt_more_than_its_script_asks_for()
    {
        int[] script = [0, 1, 3];

        Assert.Equal([2, 3, 5], FailureScripts.Independent(script).Tasks.Select(task => task.Retry!.MaxAttempts!.Value));
    }

    [Fact]
    public void Under_stress_half_the_branches_wait_for_the_signal_and_every_tenth_takes_a_checkpoint()
    {
        var branches = FailureScripts.Stress(FailureScripts.Draw(50, 0, 2)).Tasks[1..^1];

        Assert.Equal((50, 25, 5), (branches.Length, branches.Count(task => task.Needs.Length == 1), branches.Count(task => task.Checkpoint)));
    }
}
