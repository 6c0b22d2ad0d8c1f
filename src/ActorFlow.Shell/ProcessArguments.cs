using System.Text.Unicode;

namespace ActorFlow.Shell;

/// <summary>The words that the process was started with, as the system holds them: .NET replaces bytes that are not UTF-8.</summary>
internal static class ProcessArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>Refuses words that are no text (Linux; elsewhere they cannot be looked at).</summary>
    /// <exception cref="CommandFailure">One holds bytes that are not UTF-8.</exception>
    public static void Check(string[] args)
    {
        var at = Array.FindIndex(args, argument => argument.Contains(Replacement, StringComparison.Ordinal));
        if (at >= 0 && OperatingSystem.IsLinux() && !Utf8.IsValid(File.ReadAllBytes("/proc/self/cmdline")))
        {
            throw new CommandFailure($"argument {at + 1} ({TerminalText.Fit(args[at], 60)}) is not UTF-8 text; write it in UTF-8, or give it as a file");
        }
    }
}
