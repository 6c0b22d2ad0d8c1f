using System.Collections.Immutable;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Workflows.Planning;

/// <summary>Decides whether and when another attempt follows a failed one, with every default filled in (rule 17).</summary>
internal sealed record RetryPolicy(
    int MaxAttempts, Backoff Backoff, TimeSpan Initial, TimeSpan Max, double Factor, double Jitter, ImmutableArray<string> NonRetryable)
{
    /// <summary>One attempt, without a retry; its waits, where retries are configured: exponential from 1 s by 2 up to 1 min, ±20 %.</summary>
    public static readonly RetryPolicy Default =
        new(1, Backoff.Exponential, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), 2, 0.2, []);

    /// <summary>Merges settings key by key, the first that has a key winning. Without a <c>max</c> the first wait is never cut.</summary>
    public static RetryPolicy Merge(RetryDefinition? own, RetryDefinition? defaults) => new(
        own?.MaxAttempts ?? defaults?.MaxAttempts ?? Default.MaxAttempts,
        own?.Backoff ?? defaults?.Backoff ?? Default.Backoff,
        own?.Initial ?? defaults?.Initial ?? Default.Initial,
        own?.Max ?? defaults?.Max ?? LongerOf(Default.Max, own?.Initial ?? defaults?.Initial),
        own?.Factor ?? defaults?.Factor ?? Default.Factor,
        own?.Jitter ?? defaults?.Jitter ?? Default.Jitter,
        own?.NonRetryable ?? defaults?.NonRetryable ?? Default.NonRetryable);

    private static TimeSpan LongerOf(TimeSpan max, TimeSpan? initial) => initial > max ? initial.Value : max;

    /// <summary>The longest wait that a called service may ask for.</summary>
    public static readonly TimeSpan LongestAskedWait = TimeSpan.FromDays(1);

    /// <summary>The wait that the called service asked for, within bounds; null means that it asked for none.</summary>
    public static TimeSpan? AskedWait(TimeSpan? asked) => asked is { } wait
        ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestAskedWait.Ticks))
        : null;

    /// <summary>Whether another attempt follows one that failed with this error.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="errorType">Its error type.</param>
    public bool Allows(int attempt, string errorType) =>
        attempt < MaxAttempts
        && errorType is not (ErrorTypes.ExpressionError or ErrorTypes.PayloadTooLarge or ErrorTypes.PayloadTooDeep or ErrorTypes.PayloadNotText)
        && !NonRetryable.Contains(errorType);

    /// <summary>The wait before attempt n + 1.</summary>
    /// <param name="attempt">The attempt n that failed, from 1.</param>
    /// <param name="roll">A random number, 0 to 1, that the jitter takes its share from.</param>
    public TimeSpan WaitAfter(int attempt, double roll)
    {
        var seconds = Backoff switch
        {
            // The growth stays finite, since zero times infinity is not a number.
            Backoff.Exponential => Initial.TotalSeconds * Math.Min(Math.Pow(Factor, attempt - 1), double.MaxValue),
            Backoff.Linear => Initial.TotalSeconds * attempt,
            _ => Initial.TotalSeconds,
        };
        var capped = Math.Min(seconds, Max.TotalSeconds);
        return TimeSpan.FromSeconds(capped * (1 + (Jitter * ((2 * roll) - 1))));
    }
}
