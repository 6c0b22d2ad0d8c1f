
namespace ActorFlow.Tasks.Processes;

/// <summary>
/// Finds the file of a command as <c>execvp</c> does after a change of directory. .NET's own search would look beside the
/// running program and in the current directory first: a file named <c>git</c> there would be run instead of git.
/// </summary>
internal static class ExecutablePath
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The full path of a command.</summary>
    /// <param name="command">A name to look for along the path, or a path relative to <paramref name="directory"/>.</param>
    /// <param name="directory">The directory that the command will run in.</param>
    /// <param name="searchPath">The <c>PATH</c> of the command's environment.</param>
    /// <exception cref="TaskFailure">There is no such executable file; not retryable.</exception>
    public static string Resolve(string command, string directory, string? searchPath)
    {
        if (command.Contains('/') || command.Contains(Path.DirectorySeparatorChar))
        {
            var path = Path.GetFullPath(command, directory);
            return IsExecutable(path) ? path : throw NotFound($"the command '{command}': {Why(path)}{HintOf(command)}");
        }

        if (OperatingSystem.IsWindows())
        {
            // Windows completes names by its own rules (.exe, App Paths).
            return command;
        }

        foreach (var entry in (searchPath ?? "/usr/local/bin:/usr/bin:/bin").Split(Path.PathSeparator))
        {
            var path = Path.GetFullPath(Path.Combine(entry, command), directory);
            if (IsExecutable(path))
            {
                return path;
            }
        }

        throw NotFound($"the command '{command}' along PATH{HintOf(command) ?? "; install it on the worker or give its full path"}");
    }

    /// <summary>The failure of a command that is not found; not retried, since another attempt would not find it either.</summary>
    public static TaskFailure NotFound(string what) => new("ProcessFailed", $"process cannot find {what}.", retryable: false);

    /// <summary>A hint for a whole command line written as <c>command</c>, as a shell would read it.</summary>
    private static string? HintOf(string command) =>
        command.Trim().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var program, .. { Length: > 0 } rest]
            ? $"; 'command' takes the program alone, without a shell: write command: {program}, args: [{string.Join(", ", rest)}]"
            : null;

    private static string Why(string path) => File.Exists(path) ? $"{path} is not executable" : $"there is no file {path}";

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
