using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorFlow.Shell;

/// <summary>The file descriptors that the operating system lets this process have; elsewhere than on Linux nobody counts.</summary>
internal static class Descriptors
{
    /// <summary>Each file of the program and of .NET takes one for as long as it runs: some 250, and a database, pipes and sockets beside.</summary>
    public const int NeededToRun = 320;

    /// <summary>What verbs need that start no node.</summary>
    public const int NeededToRead = 96;

    private const int NumberOfFiles = 7;

    /// <summary>What is wrong, and what to do.</summary>
    public static string Message => string.Create(
        CultureInfo.InvariantCulture,
        $"too few file descriptors: this process may have {Limit}, and needs {NeededToRun} and more; raise the limit ('ulimit -n 1024') and try again");

    /// <summary>Whether there are so few that what fails most likely fails for want of them.</summary>
    public static bool AreShort => Limit < NeededToRun;

    /// <summary>How many this process may have.</summary>
    public static long Limit => OperatingSystem.IsLinux() && GetLimit(NumberOfFiles, out var limit) == 0 ? (long)Math.Min(limit.Soft, int.MaxValue) : int.MaxValue;

    /// <exception cref="CommandFailure">There are fewer.</exception>
    public static void Require(int count)
    {
        if (Limit < count)
        {
            throw new CommandFailure(Message, ExitCode.Unreachable);
        }
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, out Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limits
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
