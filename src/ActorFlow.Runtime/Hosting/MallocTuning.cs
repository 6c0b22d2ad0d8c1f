using System.Runtime.InteropServices;

namespace ActorFlow.Runtime.Hosting;

/// <summary>What a process holds outside the managed heap.</summary>
public static class MallocTuning
{
    private const int TrimThreshold = -1;
    private const int Kept = 128 * 1024;

    /// <summary>
    /// Has the C library give back what is free: its default soon becomes to keep megabytes for every thread that needed them once, as
    /// those do that compile for .NET, so that a node grows for its first minutes. To be called once, first thing in a process that is
    /// a node; the environment variable <c>MALLOC_TRIM_THRESHOLD_=131072</c> does the same.
    /// </summary>
    /// <returns>Whether it does: only glibc's way to keep memory can be set.</returns>
    /// <remarks>Source: mallopt(3), <c>M_TRIM_THRESHOLD</c>: 128 KiB, and raised by itself unless it is set.</remarks>
    public static bool GiveBackUnused()
    {
        try
        {
            return OperatingSystem.IsLinux() && SetOption(TrimThreshold, Kept) == 1;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);
}
