using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tasks;

/// <summary>A handler's logger: each line carries the run and the task, and no secret.</summary>
internal sealed class AttemptLogger(ILogger inner, RunningAttempt attempt) : ILogger
{
    private readonly KeyValuePair<string, object>[] _properties =
    [
        new("WorkflowId", attempt.Assignment.WorkflowId),
        new("Task", attempt.Assignment.Order.Path),
        new("Attempt", attempt.Assignment.Order.Attempt.Number),
    ];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull =>
        attempt.Mask.IsEmpty ? inner.BeginScope(state) : inner.BeginScope(attempt.Mask.Apply($"{state}"));

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        using var scope = inner.BeginScope(_properties);
        if (attempt.Mask.IsEmpty)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        // Neither the state's values nor the exception's text may get by the mask: both go as text.
        var text = exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception}";
        inner.Log(logLevel, eventId, attempt.Mask.Apply(text), null, static (masked, _) => masked);
    }
}
