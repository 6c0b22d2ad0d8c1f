namespace ActorFlow.TestSupport;

/// <summary>The folder of this repository, found from where the tests run: the compiler's paths are others where a build is reproducible.</summary>
public static class RepositoryFolder
{
    /// <summary>Its path.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "ActorFlow.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no ActorFlow.sln above the tests."));
}
