using System.Runtime.InteropServices;
using System.Text;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell;

/// <summary>
/// The streams that the process was started with. The number of a closed one is taken by the next file that is
/// opened, such as a library or the database, and a write to the stream would go into that file.
/// </summary>
internal static class StandardStreams
{
    private const int GetFlags = 1;
    private const int ClosesOnExec = 1;

    /// <summary>Whether the process has standard input.</summary>
    public static readonly bool HasIn = WasInherited(0);

    /// <summary>Whether the process has standard output.</summary>
    public static readonly bool HasOut = WasInherited(1);

    /// <summary>Whether the process has standard error.</summary>
    public static readonly bool HasError = WasInherited(2);

    /// <summary>The writer of results: a result that cannot be written is a failure.</summary>
    public static TextWriter Out => new GuardedWriter(HasOut ? Console.Out : null, static cause => throw Unwritable(cause));

    /// <summary>The writer of everything else: a failed write is ignored, and the work continues.</summary>
    public static TextWriter Error => new GuardedWriter(HasError ? Console.Error : null, static _ => { });

    /// <summary>The reader of standard input.</summary>
    public static TextReader In => !HasIn ? new ClosedReader()
        : Console.IsInputRedirected ? new StreamReader(Console.OpenStandardInput(), Strict)
        : Console.In;

    /// <summary>UTF-8 that refuses invalid bytes and does not replace them.</summary>
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

    /// <summary>Whether the descriptor was inherited: such a descriptor is not marked close-on-exec, and those that .NET opens are.</summary>
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
