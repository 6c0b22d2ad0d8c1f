namespace ActorFlow.Architecture.Tests;

/// <summary>The files of this repository, as they lie on disk.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The projects under <c>src</c>, by name.</summary>
    public static IEnumerable<string> SourceProjects =>
        Directory.EnumerateDirectories(PathOf("src")).Select(directory => Path.GetFileName(directory)).Order(StringComparer.Ordinal);

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>All C# files in these folders, without what the build made.</summary>
    public static IEnumerable<string> CodeFiles(params string[] folders) => folders
        .Select(folder => PathOf(folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    /// <summary>A file's path from the root.</summary>
    public static string NameOf(string file) => Path.GetRelativePath(Root, file);

    private static string Find(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "ActorFlow.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"no ActorFlow.sln above {start}");
    }
}
