using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorFlow.Shell;

/// <summary>The limit of file descriptors of this process; it is checked on Linux only.</summary>
internal static class Descriptors
{
    /// <summary>The number that a node needs: about 250 for the files of the program and of .NET, and more for a database, pipes and sockets.</summary>
    public const int NeededToRun = 320;

    /// <summary>The number that a verb without a node needs.</summary>
    public const int NeededToRead = 96;

    private const int NumberOfFiles = 7;

    /// <summary>The message for too few descriptors: what is wrong, and what to do.</summary>
    public static string Message => string.Create(
        CultureInfo.InvariantCulture,
        $"too few file descriptors: this process may have {Limit}, and needs {NeededToRun} and more; raise the limit ('ulimit -n 1024') and try again");

    /// <summary>Whether the limit is so low that a failure most likely comes from it.</summary>
    public static bool AreShort => Limit < NeededToRun;

    /// <summary>How many this process may have.</summary>
    public static long Limit => OperatingSystem.IsLinux() && GetLimit(NumberOfFiles, out var limit) == 0 ? (long)Math.Min(limit.Soft, int.MaxValue) : int.MaxValue;

    /// <exception cref="CommandFailure">The limit is lower.</exception>
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
