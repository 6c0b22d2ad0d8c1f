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

    /// <summary>The node cannot be reached or does not answer, or the data directory cannot be used.</summary>
    public const int Unreachable = 3;

    /// <summary>The run, checkpoint or task does not exist.</summary>
    public const int NotFound = 4;

    /// <summary>The id is in use with another definition or input, or the state of the run does not allow it.</summary>
    public const int Conflict = 5;

    /// <summary>The caller has not proved who it is, or may not do this.</summary>
    public const int NotAllowed = 6;

    /// <summary>What would be done is dangerous, and nobody has confirmed it.</summary>
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

    /// <summary>The code for programs; by default it follows from the exit code.</summary>
    public string Code { get; init; } = exitCode switch
    {
        Shell.ExitCode.Invalid => "invalid-request",
        Shell.ExitCode.Unreachable => "unavailable",
        Shell.ExitCode.NotFound => "not-found",
        Shell.ExitCode.Conflict => "wrong-state",
        Shell.ExitCode.NotAllowed => "forbidden",
        Shell.ExitCode.Unconfirmed => "confirmation-needed",
        _ => "internal",
    };

    /// <summary>Whether what the verb wrote before tells programs what is wrong; the default is that it does not.</summary>
    public bool IsInResult { get; init; }

    /// <summary>Command lines that go on from here, run as they are; the default is none.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];
}
