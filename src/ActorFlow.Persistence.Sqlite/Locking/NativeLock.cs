using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorFlow.Persistence.Sqlite.Locking;

/// <summary>What operating systems have to lock directories and files with.</summary>
internal static class NativeLock
{
    private const int ReadOnly = 0;
    private const int ExclusiveWithoutWaiting = 2 | 4;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    private static readonly int Held = OperatingSystem.IsLinux() ? 11 : 35;
    private static readonly int ClosedInChildren = OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    /// <summary>Whether a file was not opened because somebody holds its lock, and for no other reason.</summary>
    public static bool SaysHeld(IOException error) =>
        OperatingSystem.IsWindows() ? error.HResult is SharingViolation or LockViolation : error.HResult == Held;

    /// <summary>Locks a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="handle">Holds the lock; null: this system or file system cannot lock directories.</param>
    /// <returns>False: somebody holds it.</returns>
    public static bool TryTake(string path, out SafeFileHandle? handle)
    {
        handle = null;
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return true;
        }
        var opened = TryLock(path, out var error);
        if (opened is null)
        {
            return error != Held;
        }
        // Where a second one gets it as well, nobody is kept out.
        using var second = TryLock(path, out _);
        if (second is null)
        {
            handle = opened;
        }
        else
        {
            opened.Dispose();
        }
        return true;
    }

    private static SafeFileHandle? TryLock(string path, out int error)
    {
        error = 0;
        var opened = new SafeFileHandle(OpenFile(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly | ClosedInChildren), ownsHandle: true);
        if (!opened.IsInvalid && Lock(opened, ExclusiveWithoutWaiting) == 0)
        {
            return opened;
        }
        error = Marshal.GetLastPInvokeError();
        opened.Dispose();
        return null;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFile(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Lock(SafeFileHandle file, int operation);
}
