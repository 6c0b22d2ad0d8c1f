namespace ActorFlow.Runtime.Tests.Wire;

/// <summary>
/// The bytes of a released form, one file each: made once, then compared for ever. A missing file fails its test, unless
/// ACTORFLOW_WRITE_GOLDEN=1 asks to create it; an existing file is never written.
/// </summary>
internal static class GoldenFile
{
    private static readonly string Folder = Path.Combine(Root(), "tests", "ActorFlow.Runtime.Tests", "Wire", "Golden");

    private static readonly Lock Writing = new();

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.hex").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>The recorded bytes in hexadecimal digits.</summary>
    public static string Of(string name, byte[] current)
    {
        var path = Path.Combine(Folder, name + ".hex");
        lock (Writing)
        {
            if (!File.Exists(path) && Environment.GetEnvironmentVariable("ACTORFLOW_WRITE_GOLDEN") == "1")
            {
                File.WriteAllText(path, Convert.ToHexStringLower(current) + "\n");
            }
        }

        return File.Exists(path)
            ? File.ReadAllText(path).Trim()
            : throw new FileNotFoundException($"No golden file for {name}. A new form? Run once with ACTORFLOW_WRITE_GOLDEN=1 and commit the file.", path);
    }

    /// <summary>The folder of the repository.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ActorFlow.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not run from within the repository.");
        }

        return folder;
    }
}
