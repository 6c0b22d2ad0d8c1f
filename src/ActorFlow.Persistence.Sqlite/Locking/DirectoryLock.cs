using ActorFlow.Runtime.Persistence;
using Microsoft.Win32.SafeHandles;

namespace ActorFlow.Persistence.Sqlite.Locking;

/// <summary>
/// The lock of a data directory, held until it is disposed or the process ends, however it ends; no process that this one starts has a
/// part in it. On Unix the directory itself is locked, under whichever name: a file in it could be deleted under its holder. A file is
/// locked as well, for file systems that cannot lock directories, for Windows, where nobody can delete it, and for older versions.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    public const string FileName = "actorflow.lock";

    private readonly SafeFileHandle? _directory;
    private readonly FileStream _file;

    private DirectoryLock(SafeFileHandle? directory, FileStream file)
    {
        _directory = directory;
        _file = file;
    }

    /// <summary>Whether the lock goes with a file that can be deleted while it is held.</summary>
    public bool HangsOnFile => _directory is null && !OperatingSystem.IsWindows();

    /// <summary>Makes the directory if it is missing, and locks it.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="lock">The lock; null: another process, or another part of this one, holds it.</param>
    /// <exception cref="DataDirectoryException">The file system ignores locks.</exception>
    /// <exception cref="IOException">It cannot be made or locked.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made or locked.</exception>
    public static bool TryTake(string path, out DirectoryLock? @lock)
    {
        do
        {
            Directory.CreateDirectory(path);
            @lock = null;
            if (!NativeLock.TryTake(path, out var directory))
            {
                return false;
            }
            try
            {
                @lock = TryLockFile(Path.Combine(path, FileName)) is { } file ? new(directory, file) : null;
            }
            finally
            {
                if (@lock is null)
                {
                    directory?.Dispose();
                }
            }
        }
        // Whoever deletes it meanwhile leaves a lock on something that no one else will meet.
        while (@lock is not null && @lock.IsGone(path));
        return @lock is not null;
    }

    public void Dispose()
    {
        _file.Dispose();
        _directory?.Dispose();
    }

    private bool IsGone(string path)
    {
        var locked = FileIdentity.Of(_directory ?? _file.SafeFileHandle);
        var named = FileIdentity.Of(_directory is null ? Path.Combine(path, FileName) : path);
        if (locked is null || named is null || locked == named)
        {
            return false;
        }
        Dispose();
        return true;
    }

    private static FileStream? TryLockFile(string file)
    {
        var taken = TryOpen(file);
        if (taken is not null)
        {
            using var second = TryOpen(file);
            if (second is not null)
            {
                taken.Dispose();
                throw new DataDirectoryException(
                    $"{Path.GetDirectoryName(file)} cannot be locked: its file system ignores file locks. Use a local disk.");
            }
        }
        return taken;
    }

    /// <summary>Null means that another process holds it.</summary>
    private static FileStream? TryOpen(string file)
    {
        try
        {
            return Open(file, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        }
        catch (UnauthorizedAccessException) when (File.Exists(file))
        {
            // Another user's, or read-only: reading is enough to lock it.
            return Open(file, FileMode.Open, FileAccess.Read);
        }
    }

    private static FileStream? Open(string file, FileMode mode, FileAccess access)
    {
        try
        {
            return new FileStream(file, mode, access, FileShare.None);
        }
        catch (IOException e) when (NativeLock.SaysHeld(e))
        {
            return null;
        }
    }
}
