using System.Runtime.InteropServices;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Tunes the memory of a process outside the managed heap.</summary>
internal static class MallocTuning
{
    private const int TrimThreshold = -1;
    private const int Kept = 128 * 1024;

    /// <summary>
    /// Makes the C library return free memory. By default it soon keeps megabytes for every thread that needed them once, such as
    /// the compiler threads of .NET, so that a node grows for its first minutes. Call it once, at the start of a process that is
    /// a node; the environment variable <c>MALLOC_TRIM_THRESHOLD_=131072</c> does the same.
    /// </summary>
    /// <returns>Whether it succeeded: only glibc has this setting.</returns>
    /// <remarks>Source: mallopt(3), <c>M_TRIM_THRESHOLD</c>: 128 KiB, which grows by itself unless it is set.</remarks>
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
