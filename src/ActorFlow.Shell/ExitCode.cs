namespace ActorFlow.Shell;

/// <summary>The exit codes of the command. Scripts rely on the numbers, so they do not change.</summary>
internal static class ExitCode
{
    /// <summary>Success; for a run, it completed.</summary>
    public const int Done = 0;

    /// <summary>The run failed, was cancelled or terminated.</summary>
    public const int RunFailed = 1;

    /// <summary>Wrong usage, or an invalid definition or input.</summary>
    public const int Invalid = 2;

    /// <summary>The cluster cannot be reached, or refuses the caller; or the data directory cannot be used.</summary>
    public const int Unreachable = 3;

    /// <summary>The run, checkpoint or task does not exist.</summary>
    public const int NotFound = 4;

    /// <summary>The id is in use with another definition or input.</summary>
    public const int Conflict = 5;

    /// <summary>What would be done cannot be undone, and nobody has confirmed it.</summary>
    public const int Unconfirmed = 7;

    /// <summary>Interrupted; a run can be resumed.</summary>
    public const int Interrupted = 130;
}

/// <summary>A command failed: it has one line for people, and an exit code for scripts.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="cause">The exception behind it, for <c>--verbose</c>; null means that there is none.</param>
internal sealed class CommandFailure(string message, int exitCode = ExitCode.Invalid, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>One of <see cref="Shell.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
