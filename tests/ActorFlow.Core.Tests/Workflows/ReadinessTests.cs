namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 1 to 5: which tasks run, and when they become ready.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public void Rule_01_A_task_without_needs_is_ready_at_once() =>
        Assert.Equal(["a", "b"], Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { uses: work, needs: [] }
            """).Takes("work", "1m").RunToEnd().Paths);
}
