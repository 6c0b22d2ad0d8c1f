using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>What a handler's task says, over the document's defaults, over the language's own (rules 13 and 17).</summary>
internal sealed record HandlerSettings(TaskDefinition? Task, TaskDefaults Defaults)
{
    public TimeSpan Timeout => Task?.Timeout ?? Defaults.Timeout ?? TimeSpan.FromHours(1);

    public TimeSpan? Deadline => Task?.Deadline ?? Defaults.Deadline;

    public int Priority => Task?.Priority ?? Defaults.Priority ?? 5;

    private int MaxAttempts => Task?.Retry?.MaxAttempts ?? Defaults.Retry?.MaxAttempts ?? 1;

    private IEnumerable<string> NonRetryable => Task?.Retry?.NonRetryable ?? Defaults.Retry?.NonRetryable ?? [];

    public bool Retries(int attempt, string type) => attempt < MaxAttempts && !NonRetryable.Contains(type);

    public TimeSpan WaitAfter(int attempt)
    {
        var initial = (Task?.Retry?.Initial ?? Defaults.Retry?.Initial ?? TimeSpan.FromSeconds(1)).TotalSeconds;
        var max = (Task?.Retry?.Max ?? Defaults.Retry?.Max ?? TimeSpan.FromMinutes(1)).TotalSeconds;
        var factor = Task?.Retry?.Factor ?? Defaults.Retry?.Factor ?? 2;
        var wait = (Task?.Retry?.Backoff ?? Defaults.Retry?.Backoff ?? Backoff.Exponential) switch
        {
            Backoff.Exponential => initial * Math.Pow(factor, attempt - 1),
            Backoff.Linear => initial * attempt,
            _ => initial,
        };
        return TimeSpan.FromSeconds(Math.Min(wait, max));
    }
}
