namespace ActorFlow.Shell;

/// <summary>What the command tells the shell that started it. The numbers are a promise to scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done; for a run: it completed.</summary>
    public const int Done = 0;

    /// <summary>The run failed, was cancelled or terminated.</summary>
    public const int RunFailed = 1;

    /// <summary>Wrong usage, or an invalid definition or input.</summary>
    public const int Invalid = 2;

    /// <summary>The cluster cannot be reached, or does not know the caller; the data directory cannot be used.</summary>
    public const int Unreachable = 3;

    /// <summary>No such thing.</summary>
    public const int NotFound = 4;

    /// <summary>The id is in use with another definition or input.</summary>
    public const int Conflict = 5;

    /// <summary>Interrupted; a run can be resumed.</summary>
    public const int Interrupted = 130;
}

/// <summary>A command cannot do what it was asked: one line for people, and an exit code for scripts.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="cause">What was caught, for <c>--verbose</c>.</param>
internal sealed class CommandFailure(string message, int exitCode = ExitCode.Invalid, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>One of <see cref="Shell.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
