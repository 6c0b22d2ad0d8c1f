namespace ActorFlow.Perf.CommandLine;

/// <summary>The files that a run is to leave behind.</summary>
internal static class OutputFiles
{
    /// <summary>Checks, before anything is measured for minutes, that each can be written.</summary>
    /// <param name="files">Each with the option that names it.</param>
    /// <exception cref="UsageException">One cannot.</exception>
    public static void Check(IEnumerable<(string Option, string Path)> files)
    {
        foreach (var (option, path) in files)
        {
            try
            {
                Touch(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw new UsageException($"{option} {path}: the file cannot be written: {error.Message}");
            }
        }
    }

    // What is there stays as it is.
    private static void Touch(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var isNew = !File.Exists(path);
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        if (isNew)
        {
            File.Delete(path);
        }
    }
}
