using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorFlow.Tasks.Processes;

/// <summary>A process that still runs, as <c>/proc</c> shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="Session">The number of its session.</param>
/// <param name="Started">When it began, in clock ticks since the system started: together with the number it identifies a process.</param>
internal readonly record struct LinuxProcess(int Id, int Parent, int Session, long Started)
{
    private const int Terminate = 15;
    private const int Kill = 9;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends processes: signals them first, and kills those left after two seconds.</summary>
    /// <param name="members">Gives the processes to end; it is called repeatedly, since a process may fork between the listing and the signal.</param>
    public static async Task EndAsync(Func<List<int>> members)
    {
        var asked = new HashSet<int>();
        var since = Stopwatch.StartNew();
        for (var left = members(); left.Count > 0 && since.Elapsed < GiveUp; left = members())
        {
            foreach (var pid in left)
            {
                if (since.Elapsed >= Grace)
                {
                    _ = SendSignal(pid, Kill);
                }
                else if (asked.Add(pid))
                {
                    _ = SendSignal(pid, Terminate);
                }
            }

            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }

    /// <summary>These processes and all their descendants, without this process.</summary>
    public static List<int> WithDescendants(List<LinuxProcess> all, HashSet<int> found)
    {
        // Children may come before their parents in the list: repeat until nothing is new.
        while (all.Count(process => found.Contains(process.Parent) && found.Add(process.Id)) > 0)
        {
        }

        found.Remove(Environment.ProcessId);
        return [.. all.Where(process => found.Contains(process.Id)).Select(process => process.Id)];
    }

    /// <summary>Every process of this machine that has not ended.</summary>
    public static List<LinuxProcess> ReadAll()
    {
        var all = new List<LinuxProcess>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Read(id) is { } process)
            {
                all.Add(process);
            }
        }

        return all;
    }

    /// <summary>Whether the environment of the process has the variable with a value that contains <paramref name="part"/>.</summary>
    public bool HasInEnvironment(string variable, string part) =>
        FindInEnvironment(variable)?.Contains(part, StringComparison.Ordinal) == true;

    /// <summary>The value that the variable had as the process began; null means that it had none, or that it cannot be read.</summary>
    public string? FindInEnvironment(string variable)
    {
        try
        {
            var found = Array.Find(
                File.ReadAllText($"/proc/{Id}/environ").Split('\0'), entry => entry.StartsWith(variable + "=", StringComparison.Ordinal));
            return found?[(variable.Length + 1)..];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A process; null means that there is none of that number, or that it has ended.</summary>
    public static LinuxProcess? Read(int id)
    {
        try
        {
            // "pid (name) state parent group session …", where the name may have any characters.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : new(
                    id,
                    int.Parse(fields[1], CultureInfo.InvariantCulture),
                    int.Parse(fields[3], CultureInfo.InvariantCulture),
                    long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
