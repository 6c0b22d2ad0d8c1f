using System.Diagnostics;
using System.Runtime.Versioning;

namespace ActorFlow.Tasks.Processes;

/// <summary>
/// A command and all processes that it started, even after a daemon's double fork. On Linux a process belongs to the tree if it
/// descends from the command, is in its session, or has its mark in the environment, which every fork inherits; only one that
/// lost all three (new session, cleared environment, parent gone) escapes. Elsewhere .NET finds the tree by parents.
/// </summary>
internal sealed class ProcessTree(Process root, string mark)
{
    /// <summary>The environment variable that marks a tree. Nested trees append to it, so that the outer one still finds them.</summary>
    public const string Variable = "ACTORFLOW_PROCESS_TREE";

    /// <summary>Ends every process of the tree: signals them first, and kills those left after two seconds.</summary>
    public async Task EndAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            root.Kill(entireProcessTree: true);
            await root.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return;
        }

        await LinuxProcess.EndAsync(Members).ConfigureAwait(false);
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

        return LinuxProcess.WithDescendants(all, found);
    }
}
