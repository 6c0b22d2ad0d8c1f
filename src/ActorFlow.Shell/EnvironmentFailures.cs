using System.ComponentModel;
using System.Net.Sockets;
using ActorFlow.Core.Payloads;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace ActorFlow.Shell;

/// <summary>
/// Reports failures from the environment of a command (disk, file system, permissions, limits, streams), as one line and the exit code
/// <see cref="ExitCode.Unreachable"/>: the only place that tells them from faults of the program.
/// </summary>
internal static class EnvironmentFailures
{
    // errno of Linux and macOS, which .NET keeps in HResult where it has no exception for it.
    private const int TooManyOpenFilesInSystem = 23;
    private const int TooManyOpenFiles = 24;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;

    // SQLite's result codes.
    private const int OutOfMemory = 7;
    private const int CannotOpen = 14;

    /// <summary>The failure; null means that the error does not come from the environment.</summary>
    public static CommandFailure? Of(Exception error)
    {
        var chain = Chain(error).ToList();
        if (chain.OfType<CommandFailure>().FirstOrDefault() is { } known)
        {
            return known;
        }

        var message = Descriptors.AreShort && chain.Exists(MayBeForWantOfDescriptors)
            ? Descriptors.Message
            : chain.Select(Describe).FirstOrDefault(text => text is not null);
        return message is null ? null : new(message, ExitCode.Unreachable, error);
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var each = error; each is not null; each = each is AggregateException { InnerExceptions: [var first, ..] } ? first : each.InnerException)
        {
            yield return each;
        }
    }

    private static string? Describe(Exception error) => error switch
    {
        DataDirectoryException or DatabaseException or StoreWriteException => OneLine.Of(error.Message).TrimEnd('.'),
        SqliteException database => $"the database cannot be used: {OneLine.Of(database.Message).TrimEnd('.')}",
        OptionsValidationException options => OneLine.Of(string.Join("; ", options.Failures)).TrimEnd('.'),
        Win32Exception { NativeErrorCode: TooManyOpenFiles or TooManyOpenFilesInSystem } => Descriptors.Message,
        IOException { HResult: TooManyOpenFiles or TooManyOpenFilesInSystem } => Descriptors.Message,
        IOException { HResult: NoSpace } => "the disk is full: no space is left, or no file can be made any more; free some and try again",
        IOException { HResult: ReadOnly } => $"the file system is read-only: {OneLine.Of(error.Message).TrimEnd('.')}",
        FileNotFoundException { FileName: { } name } when name.Contains("Version=", StringComparison.Ordinal) =>
            $"a file of the program is missing or cannot be read: {name[..name.IndexOf(',', StringComparison.Ordinal)]}; install it again",
        IOException or UnauthorizedAccessException => OneLine.Of(error.Message).TrimEnd('.'),
        SocketException socket => OneLine.Of(socket.Message).TrimEnd('.'),
        InsufficientMemoryException or OutOfMemoryException => "there is not enough memory",
        _ => null,
    };

    /// <summary>Whether the error may come from missing descriptors, which shows in many ways: a type, an assembly, a thread, the database.</summary>
    private static bool MayBeForWantOfDescriptors(Exception error) => error is
        IOException or UnauthorizedAccessException or TypeInitializationException or BadImageFormatException or OutOfMemoryException
        or Win32Exception or SocketException or DataDirectoryException or TypeLoadException
        or SqliteException { SqliteErrorCode: CannotOpen or OutOfMemory };
}
