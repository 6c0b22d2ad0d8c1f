using System.Runtime.InteropServices;
using System.Text;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell;

/// <summary>
/// The streams that the process was started with. One that was closed is not there: its number is taken by the next file that is
/// opened, a library or the database, and whoever wrote to it would write into that file.
/// </summary>
internal static class StandardStreams
{
    private const int GetFlags = 1;
    private const int ClosesOnExec = 1;

    /// <summary>Standard input.</summary>
    public static readonly bool HasIn = WasInherited(0);

    /// <summary>Standard output.</summary>
    public static readonly bool HasOut = WasInherited(1);

    /// <summary>Standard error.</summary>
    public static readonly bool HasError = WasInherited(2);

    /// <summary>Where results go: whoever cannot write one says so.</summary>
    public static TextWriter Out => new GuardedWriter(HasOut ? Console.Out : null, static cause => throw Unwritable(cause));

    /// <summary>Where all else goes: what cannot be said there cannot be said at all, and the work goes on.</summary>
    public static TextWriter Error => new GuardedWriter(HasError ? Console.Error : null, static _ => { });

    /// <summary>What is read.</summary>
    public static TextReader In => !HasIn ? new ClosedReader()
        : Console.IsInputRedirected ? new StreamReader(Console.OpenStandardInput(), Strict)
        : Console.In;

    /// <summary>Bytes that are not UTF-8 are refused, not replaced.</summary>
    private static UTF8Encoding Strict => new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The failure of a command whose result cannot be written.</summary>
    public static CommandFailure Unwritable(Exception? cause)
    {
        var why = cause switch
        {
            null => "it is closed",
            IOException { HResult: 28 } => "the disk is full",
            _ => OneLine.Of(cause.Message).TrimEnd('.'),
        };
        return new($"the result cannot be written to standard output: {why}", ExitCode.Unreachable, cause);
    }

    /// <summary>What survived the start of the program is not marked to be closed by it; what .NET itself opened is.</summary>
    private static bool WasInherited(int descriptor) =>
        !OperatingSystem.IsLinux() || (Control(descriptor, GetFlags) is var flags and >= 0 && (flags & ClosesOnExec) == 0);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int Control(int descriptor, int command);

    private sealed class ClosedReader : TextReader
    {
        public override int Read() => throw Closed();

        public override int Peek() => throw Closed();

        public override string ReadToEnd() => throw Closed();

        public override Task<string> ReadToEndAsync() => throw Closed();

        public override Task<string> ReadToEndAsync(CancellationToken cancellationToken) => throw Closed();

        public override string? ReadLine() => throw Closed();

        private static CommandFailure Closed() => new("standard input is closed: there is nothing to read", ExitCode.Unreachable);
    }
}
