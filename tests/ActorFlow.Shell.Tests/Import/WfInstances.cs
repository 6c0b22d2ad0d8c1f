namespace ActorFlow.Shell.Tests.Import;

/// <summary>A theory about the recorded executions in <c>shared/data/wfinstances</c> next to the repository, or above it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WfInstancesTheoryAttribute : TheoryAttribute
{
    public WfInstancesTheoryAttribute()
    {
        if (WfInstances.Directory is null)
        {
            Skip = "needs shared/data/wfinstances next to the repository or above it";
        }
    }
}

/// <summary>Where the recorded executions are.</summary>
internal static class WfInstances
{
    public static string? Directory { get; } = Find();

    /// <summary>One row per file; one row without a file where there are none, for the skipped theory.</summary>
    public static TheoryData<string> Files =>
        Directory is null
            ? ["none"]
            : [.. System.IO.Directory.EnumerateFiles(Directory, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", "data", "wfinstances");
            if (System.IO.Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
