using System.Collections.Immutable;

namespace ActorFlow.Shell.Runs;

/// <summary>The content of the live display of a run: the counts, and the tasks that are active, the longest first.</summary>
internal sealed class LiveBoard(TimeProvider clock) : IRunProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ActiveTask> _active = new(StringComparer.Ordinal);
    private readonly SortedSet<ActiveTask> _byAge = new(Comparer<ActiveTask>.Create((a, b) => a.Number.CompareTo(b.Number)));
    private readonly long _began = clock.GetTimestamp();
    private int _tasks;
    private int _settled;
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private TimeSpan _before;
    private long _number;
    private string? _storeFailure;

    /// <inheritdoc/>
    public void RunStarted(int tasks, int settled, bool resumed, DateTimeOffset startedAt)
    {
        lock (_lock)
        {
            (_tasks, _settled) = (tasks, settled);
            var before = clock.GetUtcNow() - startedAt - clock.GetElapsedTime(_began);
            _before = resumed && before > TimeSpan.Zero ? before : TimeSpan.Zero;
        }
    }

    /// <inheritdoc/>
    public void FailedBefore(string task)
    {
        lock (_lock)
        {
            _failed.Add(task);
        }
    }

    /// <inheritdoc/>
    public void TaskWaiting(string task, DateTimeOffset until)
    {
        var left = until - clock.GetUtcNow();
        Set(task, 1, $"waiting until {TimeFormat.Of(until)}", left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1));
    }

    /// <inheritdoc/>
    public void Counted(int tasks, int settled)
    {
        lock (_lock)
        {
            (_tasks, _settled) = (tasks, settled);
        }
    }

    /// <inheritdoc/>
    public void TaskStarted(string task, int attempt, DateTimeOffset at) => Set(task, attempt, "running", default);

    /// <inheritdoc/>
    public void TaskRetrying(string task, int attempt, string errorType, string message, TimeSpan wait, DateTimeOffset at) =>
        Set(task, attempt + 1, $"waiting after {errorType}: {TerminalText.Fit(message, 80)}", wait);

    /// <inheritdoc/>
    public void TaskEnded(string task, TaskEnd end, DateTimeOffset at, string? detail = null)
    {
        lock (_lock)
        {
            Remove(task);
            _ = end == TaskEnd.Failed ? _failed.Add(task) : _failed.Remove(task);
        }
    }

    /// <inheritdoc/>
    public void StoreFails(string? why)
    {
        lock (_lock)
        {
            _storeFailure = why;
        }
    }

    /// <summary>Gives the board at this moment.</summary>
    /// <param name="most">The largest number of active tasks to list; the others are counted.</param>
    public LiveBoardView Look(int most)
    {
        lock (_lock)
        {
            var lines = _byAge.Take(most).Select(task => new LiveLine(
                task.Task, task.Attempt, task.State, task.Wait == default ? clock.GetElapsedTime(task.Since) : Left(task))).ToImmutableArray();
            return new(_tasks, _settled, _failed.Count, _before + clock.GetElapsedTime(_began), lines, _byAge.Count - lines.Length) { StoreFailure = _storeFailure };
        }
    }

    private TimeSpan Left(ActiveTask task)
    {
        var left = task.Wait - clock.GetElapsedTime(task.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Set(string task, int attempt, string state, TimeSpan wait)
    {
        lock (_lock)
        {
            Remove(task);
            _failed.Remove(task);
            var active = new ActiveTask(_number++, task, attempt, state, clock.GetTimestamp(), wait);
            _active.Add(task, active);
            _byAge.Add(active);
        }
    }

    private void Remove(string task)
    {
        if (_active.Remove(task, out var active))
        {
            _byAge.Remove(active);
        }
    }

    private sealed record ActiveTask(long Number, string Task, int Attempt, string State, long Since, TimeSpan Wait);
}

/// <summary>A board at one moment.</summary>
/// <param name="Tasks">How many tasks there are.</param>
/// <param name="Settled">How many have settled.</param>
/// <param name="Failed">How many of these failed.</param>
/// <param name="Elapsed">The time since the run began.</param>
/// <param name="Lines">The active tasks that are listed.</param>
/// <param name="More">How many more are active.</param>
internal sealed record LiveBoardView(
    int Tasks, int Settled, int Failed, TimeSpan Elapsed, ImmutableArray<LiveLine> Lines, int More)
{
    /// <summary>Why the store cannot write; null means that it can.</summary>
    public string? StoreFailure { get; init; }
}

/// <summary>An active task.</summary>
/// <param name="Task">Its path.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="State">Its state.</param>
/// <param name="Time">The time since it began; for a task that waits, the time that is left.</param>
internal sealed record LiveLine(string Task, int Attempt, string State, TimeSpan Time);
