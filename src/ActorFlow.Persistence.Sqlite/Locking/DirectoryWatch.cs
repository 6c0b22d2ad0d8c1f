namespace ActorFlow.Persistence.Sqlite.Locking;

/// <summary>
/// Sees whether a directory and files in it are still those that were opened. On Linux and macOS whoever may write to a directory may
/// delete or replace what others have open, and they go on with files that nobody else will ever see. Safe for all threads.
/// </summary>
internal sealed class DirectoryWatch
{
    private readonly List<(string Path, byte[] Name, FileIdentity Opened)> _watched = [];
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _directory;

    /// <summary>Remembers what is there.</summary>
    /// <param name="directory">The directory, for the message.</param>
    /// <param name="paths">What to watch; what cannot be told apart is not watched.</param>
    public DirectoryWatch(string directory, IEnumerable<string> paths)
    {
        _directory = directory;
        foreach (var path in paths)
        {
            var name = FileIdentity.NameOf(path);
            if (FileIdentity.Of(path, name) is { } opened)
            {
                _watched.Add((path, name, opened));
            }
        }
    }

    /// <summary>Completes, with a line for the user, once a look has found something gone. It never comes back.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Looks: a few microseconds.</summary>
    /// <returns>What <see cref="Lost"/> says; null: all is as it was.</returns>
    public string? Look()
    {
        if (_lost.Task.IsCompletedSuccessfully)
        {
            return _lost.Task.Result;
        }
        foreach (var (path, name, opened) in _watched)
        {
            if (FileIdentity.Of(path, name) is { } now && now != opened)
            {
                _lost.TrySetResult(Describe(path, now == FileIdentity.Nothing));
                return _lost.Task.Result;
            }
        }
        return null;
    }

    private string Describe(string path, bool isGone)
    {
        var what = path == _directory ? $"the data directory {path}" : path;
        return $"{what} was {(isGone ? "deleted or moved" : "replaced")} while this process used it: it stops, since what it writes would be lost. "
            + "Put the directory back as it was, if it was moved, and go on from there.";
    }
}
