using System.Collections.Concurrent;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>Keeps what an observer is told, and throws each time.</summary>
internal sealed class RecordingObserver : ITaskObserver
{
    public ConcurrentQueue<string> Seen { get; } = new();

    public void Started(in ObservedAttempt attempt) => Record($"started {attempt.Path}");

    public void Heartbeat(in ObservedAttempt attempt, Payload? progress) => Record($"heartbeat {attempt.Path} {progress}");

    public void Ended(in ObservedAttempt attempt, TaskOutcome outcome) => Record($"ended {attempt.Path} {outcome.GetType().Name}");

    private void Record(string what)
    {
        Seen.Enqueue(what);
        throw new InvalidOperationException("An observer that throws.");
    }
}

internal sealed class FakeSecrets(params (string Name, string Value)[] secrets) : ISecretSource
{
    public ValueTask<string?> FindAsync(string name, CancellationToken cancellationToken) =>
        new(secrets.FirstOrDefault(secret => secret.Name == name).Value);
}

/// <summary>Keeps every line, with all that came with it.</summary>
internal sealed class RecordingLoggers : ILoggerFactory
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private sealed class Logger(RecordingLoggers all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(", ", pairs) : $"{state}";
            all.Lines.Enqueue($"{formatter(state, exception)} {values} {exception}");
        }
    }
}
