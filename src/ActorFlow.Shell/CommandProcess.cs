using System.Runtime.InteropServices;
using System.Text;

namespace ActorFlow.Shell;

/// <summary>The process around a command: it also reports in one line what keeps the command from starting.</summary>
internal static class CommandProcess
{
    private const int StandardError = 2;

    /// <summary>Runs the command.</summary>
    /// <param name="command">The command; returns one of <see cref="ExitCode"/>.</param>
    public static async Task<int> RunAsync(Func<ShellConsole, Task<int>> command)
    {
        if (Descriptors.Limit < Descriptors.NeededToRead)
        {
            // Then not even the console can be opened.
            SayPlainly(Descriptors.Message);
            return ExitCode.Unreachable;
        }

        try
        {
            return await command(ShellConsole.OfProcess()).ConfigureAwait(false);
        }
        catch (Exception error) when (EnvironmentFailures.Of(error) is { } failure)
        {
            SayPlainly(failure.Message);
            return failure.ExitCode;
        }
    }

    private static void SayPlainly(string message)
    {
        if (StandardStreams.HasError && !OperatingSystem.IsWindows())
        {
            var line = Encoding.UTF8.GetBytes($"actorflow: {message}\n");
            _ = Write(StandardError, line, line.Length);
        }
    }

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int descriptor, byte[] bytes, nint count);
}
