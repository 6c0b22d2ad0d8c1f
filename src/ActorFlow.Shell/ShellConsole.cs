using System.Text;

namespace ActorFlow.Shell;

/// <summary>The input and output of a command. Results go to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed record ShellConsole(TextReader In, TextWriter Out, TextWriter Error, bool ErrorIsTerminal)
{
    /// <summary>Whether a person types what is read.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>Whether a person reads the results as they come.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether the terminal of <see cref="Error"/> can move the cursor back, as the live display needs; a dumb one cannot.</summary>
    public bool ErrorMovesBack { get; init; } = true;

    /// <summary>Whether to write colours: <c>NO_COLOR</c> forbids them, whatever its value (no-color.org).</summary>
    public static bool WantsColour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether a person at the terminal can be asked.</summary>
    public bool CanAsk => InIsTerminal && ErrorIsTerminal;

    /// <summary>The console of this process, UTF-8 whatever the system's code page.</summary>
    public static ShellConsole OfProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        return new(StandardStreams.In, StandardStreams.Out, StandardStreams.Error, StandardStreams.HasError && !Console.IsErrorRedirected)
        {
            InIsTerminal = StandardStreams.HasIn && !Console.IsInputRedirected,
            ErrorMovesBack = OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
            OutIsTerminal = StandardStreams.HasOut && !Console.IsOutputRedirected,
        };
    }
}
