using System.ComponentModel;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Shell.Tests;

/// <summary>What the environment did is told from a fault of the program, and said in one line.</summary>
public sealed class EnvironmentFailuresTests
{
    public static TheoryData<Exception, string> Environment => new()
    {
        { new IOException("No space left on device", 28), "the disk is full: no space is left, or no file can be made any more; free some and try again" },
        { new IOException("Read-only file system : '/ro/x'", 30), "the file system is read-only: Read-only file system : '/ro/x'" },
        { new IOException("Too many open files", 24), Descriptors.Message },
        { new Win32Exception(24), Descriptors.Message },
        { new UnauthorizedAccessException("Access to the path '/x' is denied."), "Access to the path '/x' is denied" },
        { new SqliteException("SQLite Error 14: 'unable to open database file'.", 14), "the database cannot be used: SQLite Error 14: 'unable to open database file'" },
        { new OutOfMemoryException(), "there is not enough memory" },
        { new TypeInitializationException("Some.Type", new IOException("Too many open files", 24)), Descriptors.Message },
        { new AggregateException(new IOException("No space left on device", 28)), "the disk is full: no space is left, or no file can be made any more; free some and try again" },
        { new FileNotFoundException("Could not load", "Akka, Version=1.5.74.0, Culture=neutral"), "a file of the program is missing or cannot be read: Akka; install it again" },
    };

    [Theory]
    [MemberData(nameof(Environment), DisableDiscoveryEnumeration = true)]
    public void What_the_environment_did_is_one_line_and_exit_code_3(Exception error, string line)
    {
        var failure = EnvironmentFailures.Of(error)!;

        Assert.Equal(ExitCode.Unreachable, failure.ExitCode);
        Assert.Equal(line, failure.Message);
        Assert.Same(error, failure.InnerException);
    }

    [Fact]
    public void A_fault_of_the_program_is_none_of_the_environment()
    {
        Assert.Null(EnvironmentFailures.Of(new InvalidOperationException("impossible")));
        Assert.Null(EnvironmentFailures.Of(new TypeInitializationException("Some.Type", new NullReferenceException())));
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_fails_the_command_and_words_that_cannot_be_said_do_not()
    {
        var full = new GuardedWriter(new FullWriter(), cause => throw StandardStreams.Unwritable(cause));
        await using var silent = new GuardedWriter(new FullWriter(), _ => { });
        await using var closed = new GuardedWriter(null, cause => throw StandardStreams.Unwritable(cause));

        Assert.EndsWith(": the disk is full", (await Assert.ThrowsAsync<CommandFailure>(() => full.WriteLineAsync("x"))).Message, StringComparison.Ordinal);
        Assert.EndsWith(": it is closed", (await Assert.ThrowsAsync<CommandFailure>(() => closed.WriteAsync("x"))).Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Unreachable, Assert.Throws<CommandFailure>(() => full.Write("x")).ExitCode);
        await silent.WriteLineAsync("x");
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left on device", 28);

        public override void WriteLine(string? value) => Write(value);
    }
}
