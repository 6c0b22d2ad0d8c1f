using System.Text.Unicode;

namespace ActorFlow.Shell;

/// <summary>The arguments of the process as the system holds them, since .NET replaces bytes that are not UTF-8.</summary>
internal static class ProcessArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>Refuses arguments that are not text. On other systems than Linux they cannot be checked.</summary>
    /// <exception cref="CommandFailure">An argument has bytes that are not UTF-8.</exception>
    public static void Check(string[] args)
    {
        var at = Array.FindIndex(args, argument => argument.Contains(Replacement, StringComparison.Ordinal));
        if (at >= 0 && OperatingSystem.IsLinux() && !Utf8.IsValid(File.ReadAllBytes("/proc/self/cmdline")))
        {
            throw new CommandFailure($"argument {at + 1} ({TerminalText.Fit(args[at], 60)}) is not UTF-8 text; write it in UTF-8, or give it as a file");
        }
    }
}
