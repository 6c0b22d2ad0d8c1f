using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorFlow.TestSupport.Hosting;

/// <summary>The warnings and errors that a node logged.</summary>
internal sealed class NodeLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = [];

    /// <summary>The errors, in order.</summary>
    public IEnumerable<string> Errors => _entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Text);

    /// <summary>All entries, a line each.</summary>
    public override string ToString() => string.Join('\n', _entries.Select(entry => $"{entry.Level}: {entry.Text}"));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(NodeLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log._entries.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {exception}"));
            }
        }
    }
}
