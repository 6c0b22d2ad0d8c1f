using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorFlow.Tasks;

/// <summary>
/// What marks the commands of one worker process in their environment, so that whoever follows it in its directory finds those that it
/// left: the directory, hashed, and the process, by its number and the moment it began.
/// </summary>
internal sealed record WorkerMark(string Home, int ProcessId, long Started)
{
    /// <summary>The mark of this process.</summary>
    public static WorkerMark Of(ProcessTaskOptions options)
    {
        var home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Home ?? "."));
        // By whichever link it is come to, it is the same directory.
        var target = Directory.Exists(home) ? new DirectoryInfo(home).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? home : home;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)))[..16];
        var started = OperatingSystem.IsLinux() ? LinuxProcess.Read(Environment.ProcessId)?.Started ?? 0 : 0;
        return new(hash, Environment.ProcessId, started);
    }

    /// <summary>Reads a mark out of what <see cref="Next"/> gave; null means that it is none.</summary>
    public static WorkerMark? Read(string text) =>
        text.Split('.') is [var home, var id, var started, _]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(home, process, ticks)
            : null;

    /// <summary>A mark for one more command.</summary>
    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{Home}.{ProcessId}.{Started}.{Guid.NewGuid():n}");

    /// <summary>Whether the worker is gone. Its number may be another process's by now.</summary>
    public bool IsLeft => LinuxProcess.Read(ProcessId) is not { } process || process.Started != Started;
}
