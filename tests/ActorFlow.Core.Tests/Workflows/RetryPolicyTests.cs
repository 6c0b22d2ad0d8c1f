using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rule 17, in numbers.</summary>
public sealed class RetryPolicyTests
{
    private static RetryPolicy Policy(Backoff backoff, double initial, double max = 3_600, double factor = 2, double jitter = 0) =>
        new(int.MaxValue, backoff, TimeSpan.FromSeconds(initial), TimeSpan.FromSeconds(max), factor, jitter, []);

    [Theory]
    [InlineData(Backoff.Exponential, 1, 2)]
    [InlineData(Backoff.Exponential, 2, 6)]
    [InlineData(Backoff.Exponential, 3, 18)]
    [InlineData(Backoff.Exponential, 4, 54)]
    [InlineData(Backoff.Exponential, 5, 60)]
    [InlineData(Backoff.Exponential, 10_000, 60)]
    [InlineData(Backoff.Exponential, int.MaxValue, 60)]
    [InlineData(Backoff.Linear, 1, 2)]
    [InlineData(Backoff.Linear, 29, 58)]
    [InlineData(Backoff.Linear, 31, 60)]
    [InlineData(Backoff.Linear, int.MaxValue, 60)]
    [InlineData(Backoff.Constant, 1, 2)]
    [InlineData(Backoff.Constant, int.MaxValue, 2)]
    public void The_wait_after_attempt_n_is_capped_at_max(Backoff backoff, int attempt, double seconds) =>
        Assert.Equal(seconds, Policy(backoff, initial: 2, max: 60, factor: 3).WaitAfter(attempt, 0.5).TotalSeconds);

    [Theory]
    [InlineData(Backoff.Exponential)]
    [InlineData(Backoff.Linear)]
    [InlineData(Backoff.Constant)]
    public void A_wait_of_nothing_stays_nothing_however_often_it_doubles(Backoff backoff) =>
        Assert.All([1, 2, 1_024, 1_025, int.MaxValue], attempt => Assert.Equal(TimeSpan.Zero, Policy(backoff, initial: 0).WaitAfter(attempt, 1)));

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void Jitter_stays_within_its_share_and_reaches_both_ends(double jitter)
    {
        var policy = Policy(Backoff.Constant, initial: 100, jitter: jitter);
        Assert.All(Enumerable.Range(0, 101), i => Assert.InRange(policy.WaitAfter(1, i / 100d).TotalSeconds, 100 * (1 - jitter), 100 * (1 + jitter)));
        Assert.Equal(100 * (1 - jitter), policy.WaitAfter(1, 0).TotalSeconds, 6);
        Assert.Equal(100 * (1 + jitter), policy.WaitAfter(1, 1).TotalSeconds, 6);
    }

    [Fact]
    public void Jitter_comes_after_the_cap() =>
        Assert.Equal(72, Policy(Backoff.Exponential, initial: 100, max: 60, jitter: 0.2).WaitAfter(3, 1).TotalSeconds, 6);

    [Fact]
    public void The_longest_duration_with_the_most_jitter_does_not_overflow() =>
        Assert.Equal(73_000, new RetryPolicy(9, Backoff.Linear, Duration.Max, Duration.Max, 2, 1, []).WaitAfter(8, 1).TotalDays, 3);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void Max_attempts_counts_the_first(int attempt, bool another) =>
        Assert.Equal(another, (RetryPolicy.Default with { MaxAttempts = 3 }).Allows(attempt, "Boom"));

    [Fact]
    public void Settings_are_merged_key_by_key_the_task_s_own_first()
    {
        var own = new RetryDefinition { MaxAttempts = 3, NonRetryable = [] };
        var defaults = new RetryDefinition { MaxAttempts = 7, Initial = TimeSpan.FromSeconds(9), NonRetryable = ["Bad"] };

        var merged = RetryPolicy.Merge(own, defaults);

        Assert.Equal(RetryPolicy.Default with { MaxAttempts = 3, Initial = TimeSpan.FromSeconds(9), NonRetryable = merged.NonRetryable }, merged);
        Assert.Empty(merged.NonRetryable);
    }

    [Fact]
    public void Without_any_settings_the_policy_is_the_documented_default()
    {
        var policy = RetryPolicy.Merge(null, null);
        Assert.Equal(
            (1, Backoff.Exponential, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), 2d, 0.2),
            (policy.MaxAttempts, policy.Backoff, policy.Initial, policy.Max, policy.Factor, policy.Jitter));
    }
}
