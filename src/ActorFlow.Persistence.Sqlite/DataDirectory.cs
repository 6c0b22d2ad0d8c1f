using System.Diagnostics;
using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Persistence.Sqlite.Locking;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>
/// The directory that one node keeps its runs in, locked for this process until it is disposed or the process ends,
/// however it ends: the operating system holds the lock.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    // A file of its own: nobody can read the locked one.
    private const string OwnerName = "actorflow.owner";
    private const string DatabaseName = "actorflow.db";

    private readonly DirectoryLock _lock;
    private DirectoryWatch? _watch;

    private DataDirectory(string path, DirectoryLock @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>The directory's full path.</summary>
    public string Path { get; }

    /// <summary>The database in it, checked and of the current schema.</summary>
    public string DatabaseFile => System.IO.Path.Combine(Path, DatabaseName);

    /// <summary>Whether runs were kept in that directory before: whoever only wants to look makes no new one.</summary>
    /// <param name="path">The directory, which need not be there.</param>
    public static bool HoldsData(string path) => File.Exists(System.IO.Path.Combine(path, DatabaseName));

    /// <summary>Sees whether it is still the directory that was opened.</summary>
    internal DirectoryWatch Watch => _watch ?? throw new InvalidOperationException("The directory is not open yet.");

    /// <summary>
    /// Makes the directory if it is missing, locks it, checks its database and brings its schema up to date. A directory
    /// that is refused is left as it was.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="DataDirectoryException">
    /// It cannot be made or written, another process uses it, or its database is none, another program's or of a newer ActorFlow.
    /// </exception>
    public static DataDirectory Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = System.IO.Path.GetFullPath(path);
        var directory = new DataDirectory(full, Lock(full));
        try
        {
            WriteOwner(full);
            SqliteSchema.Prepare(directory.DatabaseFile);
            directory._watch = new(full, directory.Watched());
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            directory.Dispose();
            throw Unwritable(full, e);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Locks a directory that has a database, and leaves the database as it is.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory, or no database in it; nothing is made.</exception>
    /// <exception cref="DataDirectoryException">It cannot be used, or another process uses it.</exception>
    internal static DataDirectory OpenAsItIs(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(System.IO.Path.Combine(full, DatabaseName)))
        {
            throw new DirectoryNotFoundException(
                $"there is no {(Directory.Exists(full) ? $"database in the data directory {path}" : $"data directory {path}")}; name one with --data");
        }
        var directory = new DataDirectory(full, Lock(full));
        WriteOwner(full);
        return directory;
    }

    /// <summary>Frees the directory for the next process.</summary>
    public void Dispose()
    {
        if (_watch?.Look() is null)
        {
            Informs(() => File.Delete(System.IO.Path.Combine(Path, OwnerName)));
        }
        _lock.Dispose();
    }

    private string[] Watched() =>
        _lock.HangsOnFile ? [Path, DatabaseFile, System.IO.Path.Combine(Path, DirectoryLock.FileName)] : [Path, DatabaseFile];

    private static DirectoryLock Lock(string path)
    {
        try
        {
            return DirectoryLock.TryTake(path, out var taken)
                ? taken!
                : throw new DataDirectoryException($"{path} is in use by {Owner(path)}: wait until it has ended, or end it, or use another directory.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>The file of the owner only ever informs; the lock decides. On a full disk it may be missing.</summary>
    private static void Informs(Action change)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    private static void WriteOwner(string path)
    {
        // Not its arguments: an input may hold what is nobody else's business.
        var command = System.IO.Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} ({OneLine.Of(command, 300)}), started {ProcessStart():yyyy-MM-dd HH:mm:ss}Z");
        Informs(() => File.WriteAllText(System.IO.Path.Combine(path, OwnerName), line));
    }

    private static DateTime ProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        return process.StartTime.ToUniversalTime();
    }

    private static string Owner(string path)
    {
        try
        {
            var line = OneLine.Of(File.ReadAllText(System.IO.Path.Combine(path, OwnerName)), 300);
            return line.Length > 0 ? line : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }

    private static DataDirectoryException Unwritable(string path, Exception cause) =>
        new($"{path} cannot be used as the data directory: {OneLine.Of(SqliteErrors.Describe(cause), 300).TrimEnd('.')}.", cause);
}
