using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Runs;

/// <summary>Writes a line for each change, for logs and pipes.</summary>
internal sealed class PlainProgress(TextWriter writer) : IRunProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _started = new(StringComparer.Ordinal);
    private int _tasks;
    private int _settled;

    /// <inheritdoc/>
    public void RunStarted(int tasks, int settled, bool resumed, DateTimeOffset startedAt)
    {
        Counted(tasks, settled);
        if (resumed)
        {
            Write($"resumed: {settled} of {tasks} tasks are done, started {TimeFormat.Of(startedAt)}");
        }
    }

    /// <inheritdoc/>
    public void FailedBefore(string task) => Write($"{task} had failed");

    /// <inheritdoc/>
    public void TaskWaiting(string task, DateTimeOffset until) => Write($"{task} waits until {TimeFormat.Of(until)}");

    /// <inheritdoc/>
    public void Counted(int tasks, int settled)
    {
        lock (_lock)
        {
            (_tasks, _settled) = (tasks, settled);
        }
    }

    /// <inheritdoc/>
    public void TaskStarted(string task, int attempt, DateTimeOffset at)
    {
        lock (_lock)
        {
            _started[task] = at;
        }

        Write(attempt > 1 ? $"{task} started, attempt {attempt}" : $"{task} started");
    }

    /// <inheritdoc/>
    public void TaskRetrying(string task, int attempt, string errorType, string message, TimeSpan wait, DateTimeOffset at) =>
        Write($"{task} attempt {attempt} failed{After(task, at)}: {errorType}: {TerminalText.Fit(message, 300).TrimEnd('.')}; again in {Duration.Format(wait)}");

    /// <inheritdoc/>
    public void TaskEnded(string task, TaskEnd end, DateTimeOffset at, string? detail = null)
    {
        var time = end is TaskEnd.Completed or TaskEnd.Failed ? After(task, at) : "";
        var why = string.IsNullOrEmpty(detail) ? "" : $": {TerminalText.Fit(detail, 300)}";
        Write($"{task} {end.ToString().ToLowerInvariant()}{time}{why}");
    }

    /// <inheritdoc/>
    public void StoreFails(string? why) => Write(StoreWords.Of(why));

    /// <summary>How long an attempt took, if it began in this process; never negative, since the clock may have been set back.</summary>
    private string After(string task, DateTimeOffset at)
    {
        lock (_lock)
        {
            return _started.Remove(task, out var since) ? $" after {Duration.Format(at > since ? at - since : TimeSpan.Zero)}" : "";
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            var count = _tasks > 0 ? string.Create(CultureInfo.InvariantCulture, $"[{_settled}/{_tasks}] ") : "";
            writer.WriteLine(count + line);
        }
    }
}

/// <summary>Reports only failures of the store.</summary>
internal sealed class QuietProgress(TextWriter writer) : IRunProgress
{
    /// <inheritdoc/>
    public void StoreFails(string? why) => writer.WriteLine($"actorflow: {StoreWords.Of(why)}");

    /// <inheritdoc/>
    public void RunStarted(int tasks, int settled, bool resumed, DateTimeOffset startedAt) { }

    /// <inheritdoc/>
    public void FailedBefore(string task) { }

    /// <inheritdoc/>
    public void TaskWaiting(string task, DateTimeOffset until) { }

    /// <inheritdoc/>
    public void Counted(int tasks, int settled) { }

    /// <inheritdoc/>
    public void TaskStarted(string task, int attempt, DateTimeOffset at) { }

    /// <inheritdoc/>
    public void TaskRetrying(string task, int attempt, string errorType, string message, TimeSpan wait, DateTimeOffset at) { }

    /// <inheritdoc/>
    public void TaskEnded(string task, TaskEnd end, DateTimeOffset at, string? detail = null) { }
}
