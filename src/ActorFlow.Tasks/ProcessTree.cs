using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ActorFlow.Tasks;

/// <summary>
/// A command and all that it started, found again even after a daemon's double fork. On Linux a process belongs to the tree if it
/// descends from the command, is of its session, or carries its mark in the environment, which every fork inherits; only one that
/// left all three (new session, environment wiped, parent gone) escapes. Elsewhere the tree is what .NET finds by parents.
/// </summary>
internal sealed class ProcessTree(Process root, string mark)
{
    /// <summary>The environment variable that marks a tree. Nested trees append to it, so that the outer one still finds them.</summary>
    public const string Variable = "ACTORFLOW_PROCESS_TREE";

    private const int Terminate = 15;
    private const int Kill = 9;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends every process of the tree: asks first, and kills what is left after two seconds.</summary>
    public async Task EndAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            root.Kill(entireProcessTree: true);
            await root.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return;
        }

        // What a process forks between the look and the signal is found by the next look.
        var asked = new HashSet<int>();
        var since = Stopwatch.StartNew();
        for (var members = Members(); members.Count > 0 && since.Elapsed < GiveUp; members = Members())
        {
            foreach (var pid in members)
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

    [SupportedOSPlatform("linux")]
    private List<int> Members()
    {
        var all = LinuxProcess.ReadAll();
        var found = new HashSet<int>();
        if (!root.HasExited)
        {
            found.Add(root.Id);
        }

        foreach (var process in all)
        {
            if (process.Session == root.Id || process.HasInEnvironment(Variable, mark))
            {
                found.Add(process.Id);
            }
        }

        // Children may come before their parents in the list: repeat until nothing is new.
        while (all.Count(process => found.Contains(process.Parent) && found.Add(process.Id)) > 0)
        {
        }

        found.Remove(Environment.ProcessId);
        return [.. all.Where(process => found.Contains(process.Id)).Select(process => process.Id)];
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}

/// <summary>A process that still runs, as <c>/proc</c> shows it.</summary>
internal readonly record struct LinuxProcess(int Id, int Parent, int Session)
{
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

    /// <summary>Whether the variable was handed to the process with a value holding <paramref name="part"/>.</summary>
    public bool HasInEnvironment(string variable, string part)
    {
        try
        {
            return File.ReadAllText($"/proc/{Id}/environ")
                .Split('\0')
                .Any(entry => entry.StartsWith(variable + "=", StringComparison.Ordinal) && entry.Contains(part, StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static LinuxProcess? Read(int id)
    {
        try
        {
            // "pid (name) state parent group session …", and the name may hold anything.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : new(id, int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
