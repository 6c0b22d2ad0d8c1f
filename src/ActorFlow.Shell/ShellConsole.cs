using System.Text;

namespace ActorFlow.Shell;

/// <summary>Where a command reads and writes. Results go to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed record ShellConsole(TextReader In, TextWriter Out, TextWriter Error, bool ErrorIsTerminal)
{
    /// <summary>The console of this process, UTF-8 whatever the system's code page.</summary>
    public static ShellConsole OfProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        return new(Console.In, Console.Out, Console.Error, !Console.IsErrorRedirected);
    }
}
