using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Runs;

/// <summary>A line per change, for logs and pipes.</summary>
internal sealed class PlainProgress(TextWriter writer, TimeProvider clock) : IRunProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _started = new(StringComparer.Ordinal);
    private int _tasks;
    private int _settled;

    /// <inheritdoc/>
    public void RunStarted(int tasks, int settled, bool resumed, DateTimeOffset startedAt)
    {
        Counted(tasks, settled);
        if (resumed)
        {
            Write($"resumed: {settled} of {tasks} tasks are done, started {RunTime.Of(startedAt)}");
        }
    }

    /// <inheritdoc/>
    public void FailedBefore(string task) => Write($"{task} had failed");

    /// <inheritdoc/>
    public void TaskWaiting(string task, DateTimeOffset until) => Write($"{task} waits until {RunTime.Of(until)}");

    /// <inheritdoc/>
    public void Counted(int tasks, int settled)
    {
        lock (_lock)
        {
            (_tasks, _settled) = (tasks, settled);
        }
    }

    /// <inheritdoc/>
    public void TaskStarted(string task, int attempt)
    {
        lock (_lock)
        {
            _started[task] = clock.GetTimestamp();
        }

        Write(attempt > 1 ? $"{task} started, attempt {attempt}" : $"{task} started");
    }

    /// <inheritdoc/>
    public void TaskRetrying(string task, int attempt, string errorType, string message, TimeSpan wait) =>
        Write($"{task} attempt {attempt} failed after {Took(task)}: {errorType}: {OneLine.Of(message, 300)}; again in {Duration.Format(wait)}");

    /// <inheritdoc/>
    public void TaskEnded(string task, TaskEnd end, string? detail = null)
    {
        var time = end is TaskEnd.Completed or TaskEnd.Failed && Took(task) is { } took ? $" after {took}" : "";
        var why = string.IsNullOrEmpty(detail) ? "" : $": {OneLine.Of(detail, 300)}";
        Write($"{task} {end.ToString().ToLowerInvariant()}{time}{why}");
    }

    /// <inheritdoc/>
    public void StoreFails(string? why) => Write(StoreWords.Of(why));

    private string? Took(string task)
    {
        lock (_lock)
        {
            return _started.Remove(task, out var since) ? Duration.Format(clock.GetElapsedTime(since)) : null;
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

/// <summary>Says nothing of what goes well.</summary>
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
    public void TaskStarted(string task, int attempt) { }

    /// <inheritdoc/>
    public void TaskRetrying(string task, int attempt, string errorType, string message, TimeSpan wait) { }

    /// <inheritdoc/>
    public void TaskEnded(string task, TaskEnd end, string? detail = null) { }
}
