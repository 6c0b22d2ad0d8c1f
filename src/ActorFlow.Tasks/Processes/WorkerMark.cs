using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorFlow.Tasks.Processes;

/// <summary>
/// The mark of one worker process in the environment of its commands, by which the next worker of the directory finds those that it
/// left: the hash of the directory, and the number and start time of the process.
/// </summary>
internal sealed record WorkerMark(string Home, int ProcessId, long Started)
{
    /// <summary>Makes the mark of this process.</summary>
    public static WorkerMark Of(ProcessTaskOptions options)
    {
        var home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Home ?? "."));
        // Every link to a directory must give the same mark.
        var target = Directory.Exists(home) ? new DirectoryInfo(home).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? home : home;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)))[..16];
        var started = OperatingSystem.IsLinux() ? LinuxProcess.Read(Environment.ProcessId)?.Started ?? 0 : 0;
        return new(hash, Environment.ProcessId, started);
    }

    /// <summary>Reads the mark from a text of <see cref="Next"/>; null means that the text has no mark.</summary>
    public static WorkerMark? Read(string text) =>
        text.Split('.') is [var home, var id, var started, _]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(home, process, ticks)
            : null;

    /// <summary>A mark for one more command.</summary>
    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{Home}.{ProcessId}.{Started}.{Guid.NewGuid():n}");

    /// <summary>Whether the worker is gone. Another process may have its number by now.</summary>
    public bool IsLeft => LinuxProcess.Read(ProcessId) is not { } process || process.Started != Started;
}
