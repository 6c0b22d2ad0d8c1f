using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>A handler's logger: each line carries the run and the task, and no secret.</summary>
internal sealed class AttemptLogger(ILogger inner, AttemptOutlet outlet, string workflowId, string task, int attempt) : ILogger
{
    private readonly KeyValuePair<string, object>[] _properties =
        [new("WorkflowId", workflowId), new("Task", task), new("Attempt", attempt)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull =>
        outlet.MasksNothing || Passes(state, $"{state}", out var masked) ? inner.BeginScope(state) : inner.BeginScope(masked);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        using var scope = inner.BeginScope(_properties);
        if (outlet.MasksNothing && exception is not { Message.Length: > AttemptOutlet.LogLimit })
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        var text = exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception}";
        if (Passes(state, text, out var masked))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        // Neither the state's values nor the exception's text may get by the mask: both go as text.
        inner.Log(logLevel, eventId, masked, null, static (masked, _) => masked);
    }

    private bool Passes<TState>(TState state, string text, out string masked)
    {
        masked = outlet.Text(text, AttemptOutlet.LogLimit);
        return ReferenceEquals(masked, text)
            && (outlet.MasksNothing
                || state is not IEnumerable<KeyValuePair<string, object?>> values
                || values.All(pair => $"{pair.Value}" is var value && ReferenceEquals(outlet.Text(value, int.MaxValue), value)));
    }
}
