using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>What an attempt's other side asks for takes the place of the wait that <c>retry</c> gives.</summary>
public sealed class RetryAfterTests
{
    [Theory]
    [InlineData("1h", 7, 7)]
    [InlineData("1s", 120, 120)]
    [InlineData("1s", 0, 0)]
    [InlineData("1s", -5, 0)]
    [InlineData("1s", 365 * 86_400, 86_400)]
    public void The_wait_is_what_was_asked_for_a_day_at_most(string initial, int asked, int seconds)
    {
        var run = Scenario.Of($$"""
            tasks:
              a: { uses: work, retry: { max-attempts: 2, initial: {{initial}}, max: 1h, jitter: 0 } }
            """).Handler("work", execution => execution.Order.Attempt.Number == 1 ? Answer.FailureWith(TimeSpan.FromSeconds(asked)) : Answer.Success()).RunToEnd();

        Assert.Equal([0, seconds], run.Times("a").Select(at => (int)at.TotalSeconds));
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void A_wait_past_the_deadline_is_not_begun()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, deadline: 1m, retry: { max-attempts: 5, initial: 1s } }
            """).Handler("work", _ => Answer.FailureWith(TimeSpan.FromMinutes(2))).RunToEnd();

        Assert.Equal(["a:1"], run.Attempts);
        Assert.Equal(ErrorTypes.DeadlineExceeded, Assert.Single(run.End.Failures).Type);
    }
}
