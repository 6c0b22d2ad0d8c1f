using System.Text;

namespace ActorFlow.Perf.Nodes;

/// <summary>A line for each handler that begins and ends, there for others to read at once and whatever becomes of this process. Safe for all threads.</summary>
/// <param name="path">The file; what is in it stays.</param>
internal sealed class ExecutionFile(string path) : IDisposable
{
    // No buffer: each line is one write to the system.
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    private readonly Lock _lock = new();

    /// <summary>A handler begins.</summary>
    public void Began(string run, string task) => Append('+', run, task);

    /// <summary>A handler has returned.</summary>
    public void Ended(string run, string task) => Append('-', run, task);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Append(char mark, string run, string task)
    {
        var line = Encoding.UTF8.GetBytes($"{mark} {run} {task}\n");
        lock (_lock)
        {
            _file.Write(line);
        }
    }
}

/// <summary>What an <see cref="ExecutionFile"/> came to.</summary>
/// <param name="Began">How often each task of each run began.</param>
/// <param name="Ended">The tasks that returned at least once.</param>
internal sealed record FiledExecutions(IReadOnlyDictionary<(string Run, string Task), int> Began, IReadOnlySet<(string Run, string Task)> Ended)
{
    /// <summary>How many executions there were beyond the first of each task.</summary>
    public int Repeated => Began.Values.Sum(times => times - 1);

    /// <summary>Reads files, which may be growing; one that is not there: nothing has begun.</summary>
    public static FiledExecutions Read(params IEnumerable<string> paths)
    {
        var began = new Dictionary<(string, string), int>();
        var ended = new HashSet<(string, string)>();
        foreach (var path in paths)
        {
            Read(path, began, ended);
        }

        return new(began, ended);
    }

    private static void Read(string path, Dictionary<(string, string), int> began, HashSet<(string, string)> ended)
    {
        // What is behind the last line's end is still to come.
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ') is not ["+" or "-", var run, var task])
            {
                throw new InvalidDataException($"{path} holds '{line}'.");
            }

            if (line[0] == '+')
            {
                began[(run, task)] = began.GetValueOrDefault((run, task)) + 1;
            }
            else
            {
                ended.Add((run, task));
            }
        }
    }
}
