using System.Collections.Concurrent;
using NBench;

namespace ActorFlow.Perf.Nodes;

/// <summary>Every handler that began and ended, in order: a fast wrong answer is no answer.</summary>
internal sealed class ExecutionLog
{
    private readonly ConcurrentQueue<(string Task, bool Began)> _entries = new();
    private static long _inProcess;
    private int _count;

    /// <summary>How many handlers have begun in this process, on whatever node.</summary>
    public static long InProcess => Interlocked.Read(ref _inProcess);

    /// <summary>Counts along, where the spec measures tasks.</summary>
    public Counter? Counter { get; set; }

    /// <summary>How many handlers have begun.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether entries are kept, or only counted.</summary>
    public bool KeepsEntries { get; set; }

    /// <summary>Where they are written down as well; none: nowhere.</summary>
    public ExecutionFile? File { get; init; }

    /// <summary>A handler begins.</summary>
    public void Began(string run, string task)
    {
        File?.Began(run, task);
        Interlocked.Increment(ref _count);
        Interlocked.Increment(ref _inProcess);
        Counter?.Increment();
        Add(task, true);
    }

    /// <summary>A handler has returned.</summary>
    public void Ended(string run, string task)
    {
        File?.Ended(run, task);
        Add(task, false);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _entries.Clear();
        Volatile.Write(ref _count, 0);
    }

    /// <summary>Checks that each task ran once, and none before all that it needs had ended.</summary>
    /// <param name="needs">What each task needs.</param>
    /// <exception cref="InvalidOperationException">Some task did not.</exception>
    public void Check(IReadOnlyDictionary<string, string[]> needs)
    {
        var ended = new HashSet<string>(StringComparer.Ordinal);
        var began = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (task, begins) in _entries)
        {
            if (!begins)
            {
                ended.Add(task);
            }
            else if (!began.Add(task))
            {
                throw new InvalidOperationException($"{task} ran twice.");
            }
            else if (!needs.TryGetValue(task, out var first))
            {
                throw new InvalidOperationException($"{task} ran, and must not.");
            }
            else if (first.FirstOrDefault(need => !ended.Contains(need)) is { } early)
            {
                throw new InvalidOperationException($"{task} ran before {early} had ended.");
            }
        }

        if (ended.Count != needs.Count)
        {
            throw new InvalidOperationException($"{ended.Count} of {needs.Count} tasks ran.");
        }
    }

    /// <summary>How often each task began.</summary>
    public IReadOnlyDictionary<string, int> Executions() =>
        _entries.Where(entry => entry.Began).CountBy(entry => entry.Task, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>How many handlers ran at once, at most.</summary>
    public int MostAtOnce()
    {
        var (now, most) = (0, 0);
        foreach (var (_, began) in _entries)
        {
            now += began ? 1 : -1;
            most = Math.Max(most, now);
        }

        return most;
    }

    private void Add(string task, bool began)
    {
        if (KeepsEntries)
        {
            _entries.Enqueue((task, began));
        }
    }
}
